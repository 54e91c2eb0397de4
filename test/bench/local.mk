# Benchmarks: built with everything, so that they keep compiling; run by hand.
noinst_PROGRAMS += test/bench/bench_seccomp
test_bench_bench_seccomp_SOURCES = test/bench/bench_seccomp.c
test_bench_bench_seccomp_LDADD = $(LIB_SECCOMP)
test_bench_bench_seccomp_LDFLAGS = $(PROGRAM_LDFLAGS) $(AM_LDFLAGS)
