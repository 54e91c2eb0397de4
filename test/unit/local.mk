# A unit test NAME_test.c tests lib/DIR/FILE.c as test/unit/DIR_FILE_test.c; link the layer's library.
EXTRA_DIST += test/unit/tap.h
check_PROGRAMS += test/unit/base_path_test
test_unit_base_path_test_SOURCES = test/unit/base_path_test.c
test_unit_base_path_test_LDADD = $(LIB_BASE)
check_PROGRAMS += test/unit/plan_host_test
test_unit_plan_host_test_SOURCES = test/unit/plan_host_test.c
test_unit_plan_host_test_LDADD = $(LIB_PLAN)
check_PROGRAMS += test/unit/base_num_test
test_unit_base_num_test_SOURCES = test/unit/base_num_test.c
test_unit_base_num_test_LDADD = $(LIB_BASE)
check_PROGRAMS += test/unit/seccomp_arch_test
test_unit_seccomp_arch_test_SOURCES = test/unit/seccomp_arch_test.c
test_unit_seccomp_arch_test_LDADD = $(LIB_SECCOMP)
EXTRA_DIST += test/unit/cgroup_box.h
check_PROGRAMS += test/unit/cgroup_life_test
test_unit_cgroup_life_test_SOURCES = test/unit/cgroup_life_test.c
test_unit_cgroup_life_test_LDADD = $(LIB_CGROUP)
