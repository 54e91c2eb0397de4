# Benchmarks: built with everything, so that they keep compiling; run by hand.
noinst_PROGRAMS += test/bench/bench_seccomp
test_bench_bench_seccomp_SOURCES = test/bench/bench_seccomp.c
test_bench_bench_seccomp_LDADD = $(LIB_SECCOMP)
test_bench_bench_seccomp_LDFLAGS = $(PROGRAM_LDFLAGS) $(AM_LDFLAGS)
# Built on demand for script/bench (make bench-programs), never installed.
EXTRA_PROGRAMS += test/bench/timing test/bench/floor test/bench/true test/bench/answer
test_bench_timing_SOURCES = test/bench/timing.c
test_bench_floor_SOURCES = test/bench/floor.c
test_bench_floor_LDADD = $(LIB_BASE)
test_bench_floor_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
test_bench_true_SOURCES = test/bench/true.c
test_bench_true_LDFLAGS = -static
test_bench_answer_SOURCES = test/bench/answer.c
.PHONY: bench-programs
bench-programs: tamis test/bench/bench_seccomp test/bench/timing test/bench/floor test/bench/true \
	test/bench/answer \
	test/profiles/made/names
CLEANFILES += test/bench/timing test/bench/floor test/bench/true test/bench/answer
EXTRA_DIST += script/bench test/bench/recording
