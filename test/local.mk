include test/unit/local.mk
check_DATA =
EXTRA_PROGRAMS =
include test/sys/local.mk
