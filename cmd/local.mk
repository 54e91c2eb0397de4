bin_PROGRAMS += tamis
tamis_SOURCES = \
	cmd/cmd.c \
	cmd/cmd.h \
	cmd/completion.c \
	cmd/create.c \
	cmd/create_options.c \
	cmd/create_options.h \
	cmd/delete.c \
	cmd/dispatch.c \
	cmd/dispatch.h \
	cmd/doctor.c \
	cmd/events.c \
	cmd/exec.c \
	cmd/features.c \
	cmd/kill.c \
	cmd/list.c \
	cmd/main.c \
	cmd/opt.c \
	cmd/opt.h \
	cmd/pause.c \
	cmd/ps.c \
	cmd/resume.c \
	cmd/run.c \
	cmd/seccomp.c \
	cmd/spec.c \
	cmd/start.c \
	cmd/state.c \
	cmd/update.c
tamis_LDADD = $(LIB_OBSERVE)
tamis_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
