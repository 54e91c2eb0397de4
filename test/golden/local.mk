# config.json, host and options in; the plan or the error out. A folder of cases/ is a test.
check_PROGRAMS += test/golden/golden
test_golden_golden_SOURCES = test/golden/golden.c test/golden/difference.c \
	test/golden/difference.h test/golden/dump.c test/golden/dump.h test/golden/hosts.c \
	test/golden/hosts.h
test_golden_golden_LDADD = $(LIB_PLAN)
# Cost of configs with many elements: run by test/cli/growth.bats.
test_golden_growth_SOURCES = test/golden/growth.c test/golden/dump.c test/golden/dump.h \
	test/golden/hosts.c test/golden/hosts.h
test_golden_growth_LDADD = $(LIB_CGROUP)
EXTRA_DIST += test/golden/cases test/golden/check

.PHONY: golden-update
golden-update: test/golden/golden$(EXEEXT)
	@TAMIS_SRCDIR='$(abs_top_srcdir)' test/golden/golden --update
