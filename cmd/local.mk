bin_PROGRAMS += tamis
tamis_SOURCES = cmd/main.c
tamis_LDADD = $(LIB_RUNTIME)
tamis_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
