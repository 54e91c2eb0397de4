noinst_LIBRARIES += lib/plan/libplan.a
lib_plan_libplan_a_SOURCES = \
	lib/plan/host.c \
	lib/plan/cgroup_dir.h \
	lib/plan/host.h \
	lib/plan/host_cgroups.c \
	lib/plan/make.c \
	lib/plan/make.h \
	lib/plan/mount_options.c \
	lib/plan/mount_options.h \
	lib/plan/plan.h \
	lib/plan/plan_cgroup.c \
	lib/plan/plan_devices.c \
	lib/plan/plan_exec.c \
	lib/plan/plan_hooks.c \
	lib/plan/plan_mount_options.c \
	lib/plan/plan_mounts.c \
	lib/plan/plan_ns.c \
	lib/plan/plan_process.c \
	lib/plan/plan_property.c \
	lib/plan/plan_resources.c \
	lib/plan/plan_scope.c \
	lib/plan/plan_seccomp.c \
	lib/plan/plan_sysctl.c \
	lib/plan/plan_systemd.c \
	lib/plan/values.c \
	lib/plan/values.h \
	lib/plan/values_blkio.c \
	lib/plan/values_cpu.c \
	lib/plan/values_memory.c
