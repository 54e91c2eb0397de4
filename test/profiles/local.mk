# Profiles as JSON, made of a table. Their names, one a line, are what is made last.
check_DATA += test/profiles/made/names
test/profiles/made/names: $(top_srcdir)/test/profiles/make.awk $(top_srcdir)/test/profiles/profiles.table
	$(AM_V_GEN)rm -rf test/profiles/made && mkdir -p test/profiles/made && \
	$(AWK) -v dir=test/profiles/made -f $(top_srcdir)/test/profiles/make.awk \
		$(top_srcdir)/test/profiles/profiles.table >$@.new && mv $@.new $@
clean-local:
	rm -rf test/profiles/made test/sys/image
EXTRA_DIST += test/profiles/make.awk test/profiles/profiles.table
# Compares the table with the engines' own files.
check_PROGRAMS += test/profiles/shared_test
test_profiles_shared_test_SOURCES = test/profiles/shared_test.c
test_profiles_shared_test_LDADD = $(LIB_SECCOMP)
