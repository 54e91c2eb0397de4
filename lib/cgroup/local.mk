noinst_LIBRARIES += lib/cgroup/libcgroup.a
lib_cgroup_libcgroup_a_SOURCES = lib/cgroup/cgroup.h 
