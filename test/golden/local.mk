# config.json, host and options in; the plan or the error out. A folder of cases/ is a test.
check_PROGRAMS += test/golden/golden
test_golden_golden_SOURCES = test/golden/golden.c test/golden/hosts.c test/golden/hosts.h
test_golden_golden_LDADD = $(LIB_PLAN)
EXTRA_DIST += test/golden/cases

.PHONY: golden-update
golden-update: test/golden/golden$(EXEEXT)
	@TAMIS_SRCDIR='$(abs_top_srcdir)' test/golden/golden --update
