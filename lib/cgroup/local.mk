noinst_LIBRARIES += lib/cgroup/libcgroup.a
lib_cgroup_libcgroup_a_SOURCES = \
	lib/cgroup/apply.h \
	lib/cgroup/cgroup.h \
	lib/cgroup/claim.c lib/cgroup/claim.h \
	lib/cgroup/devices.c lib/cgroup/devices.h \
	lib/cgroup/devlist.c \
	lib/cgroup/devprog.c \
	lib/cgroup/dir.c lib/cgroup/dir.h \
	lib/cgroup/freeze.c \
	lib/cgroup/join.c \
	lib/cgroup/kill.c \
	lib/cgroup/make.c \
	lib/cgroup/oom.c \
	lib/cgroup/pids.c lib/cgroup/pids.h \
	lib/cgroup/program.c lib/cgroup/program.h \
	lib/cgroup/properties.c lib/cgroup/properties.h \
	lib/cgroup/read.c \
	lib/cgroup/remove.c \
	lib/cgroup/restore.c \
	lib/cgroup/room.c \
	lib/cgroup/settle.c \
	lib/cgroup/scope.c lib/cgroup/scope.h \
	lib/cgroup/stats.c lib/cgroup/stats.h \
	lib/cgroup/systemd.h \
	lib/cgroup/tree.c lib/cgroup/tree.h \
	lib/cgroup/v1.c \
	lib/cgroup/v2.c \
	lib/cgroup/values.c
