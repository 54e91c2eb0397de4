noinst_LIBRARIES += lib/oci/liboci.a
lib_oci_liboci_a_SOURCES = \
	lib/oci/config.h \
	lib/oci/decode.h \
	lib/oci/json.h \
	lib/oci/jsonw.h \
	lib/oci/state.h
