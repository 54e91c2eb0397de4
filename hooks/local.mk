# Programs that work beside a runtime.
pkglibexec_PROGRAMS += tamis-agent
tamis_agent_SOURCES = hooks/agent.c cmd/opt.c cmd/opt.h
tamis_agent_LDADD = $(LIB_OBSERVE)
# dynamic: no container is near it
tamis_agent_LDFLAGS = $(AM_LDFLAGS) -pie
pkglibexec_PROGRAMS += tamis-precreate
tamis_precreate_SOURCES = \
	cmd/opt.c cmd/opt.h \
	cmd/seccomp/libseccomp.c cmd/seccomp/libseccomp.h \
	hooks/precreate.c \
	hooks/precreate_baseline.c hooks/precreate_baseline.h \
	hooks/precreate_config.c hooks/precreate_config.h \
	hooks/precreate_explain.c hooks/precreate_explain.h
tamis_precreate_LDADD = $(LIB_OBSERVE)
tamis_precreate_LDFLAGS = $(AM_LDFLAGS) -pie

pkglibexec_PROGRAMS += tamis-record
tamis_record_SOURCES = hooks/record.c hooks/record.h hooks/record_hook.c hooks/record_hook.h \
	hooks/record_main.c
tamis_record_LDADD = $(LIB_OBSERVE)
# as tamis: a container that is recorded waits for its start twice
tamis_record_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
