noinst_LIBRARIES += lib/oci/liboci.a
lib_oci_liboci_a_SOURCES = 
