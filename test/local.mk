include test/golden/local.mk
include test/unit/local.mk
include test/fuzz/local.mk
check_DATA =
EXTRA_PROGRAMS =
include test/profiles/local.mk
include test/sys/local.mk
include test/engine/local.mk
include test/vm/local.mk
include test/bench/local.mk
EXTRA_DIST += test/lint/run test/lint/banned.awk test/lint/clang-tidy test/lint/comments.awk test/lint/cppcheck \
	test/lint/errexit.awk test/lint/layers.awk test/lint/map test/lint/map.awk test/lint/names.awk test/lint/reporting.awk test/lint/sizes.awk test/lint/system-calls test/lint/waits.awk
CLEANFILES += test/tutorial.lock
