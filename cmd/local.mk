bin_PROGRAMS += tamis
tamis_SOURCES = \
	cmd/cmd.h \
	cmd/completion.c \
	cmd/create.c \
	cmd/doctor.c \
	cmd/exec.c \
	cmd/events.c \
	cmd/kill.c \
	cmd/list.c \
	cmd/main.c \
	cmd/opt.c cmd/opt.h \
	cmd/pause.c \
	cmd/ps.c \
	cmd/spec.c \
	cmd/start.c \
	cmd/update.c
tamis_LDADD = $(LIB_RUNTIME)
tamis_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
