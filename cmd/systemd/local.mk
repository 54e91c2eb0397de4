# The systemd cgroup driver's other half: the one program that is linked with libsystemd.
if SYSTEMD
libexec_PROGRAMS += tamis-systemd
endif
tamis_systemd_SOURCES = \
	cmd/systemd/main.c \
	cmd/systemd/request.c cmd/systemd/request.h \
	cmd/systemd/unit.c cmd/systemd/unit.h
tamis_systemd_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
tamis_systemd_LDADD = $(LIB_BASE) $(SYSTEMD_LIBS)
tamis_systemd_LDFLAGS = $(AM_LDFLAGS) -pie
