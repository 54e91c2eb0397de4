# Programs that work beside a runtime.
pkglibexec_PROGRAMS += tamis-agent
tamis_agent_SOURCES = hooks/agent.c
tamis_agent_LDADD = $(LIB_OBSERVE)
# dynamic: no container is near it
tamis_agent_LDFLAGS = $(AM_LDFLAGS) -pie
