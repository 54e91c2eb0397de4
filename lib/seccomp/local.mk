noinst_LIBRARIES += lib/seccomp/libseccomp_tamis.a
lib_seccomp_libseccomp_tamis_a_SOURCES = lib/seccomp/arch.h lib/seccomp/filter.h lib/seccomp/profile.h 
