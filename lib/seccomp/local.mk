noinst_LIBRARIES += lib/seccomp/libseccomp_tamis.a
lib_seccomp_libseccomp_tamis_a_SOURCES = \
	lib/seccomp/arch.c lib/seccomp/arch.h \
	lib/seccomp/arch_foreign.c lib/seccomp/arch_foreign.h \
	lib/seccomp/filter.h \
	lib/seccomp/profile.h
EXTRA_DIST += lib/seccomp/calls.inc
