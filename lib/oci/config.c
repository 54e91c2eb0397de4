/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field tables of config.json: every property of runtime-spec 1.3 for Linux, once.
 * test/unit/oci_schema_test.c compares them with the specification's JSON schema, so a property can
 * be missing here only with a written reason.
 *
 * Rules about a single value (a range, the form of a string) are here. Rules about several values
 * are in validate*.c.
 */
#include "oci/config.h"

#include "oci/rules.h"
#include "oci/words.h"

#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <sys/personality.h>

#ifndef MPOL_WEIGHTED_INTERLEAVE
#define MPOL_WEIGHTED_INTERLEAVE 6 /* Linux 6.9; an enum constant in the header, not a macro */
#endif

static const struct name io_class_names[] = {
	{ "IOPRIO_CLASS_BE", IOPRIO_CLASS_BE },
	{ "IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE },
	{ "IOPRIO_CLASS_RT", IOPRIO_CLASS_RT },
	{ NULL, 0 },
};

static const struct name scheduler_names[] = {
	{ "SCHED_OTHER", SCHED_NORMAL },
	{ "SCHED_FIFO", SCHED_FIFO },
	{ "SCHED_RR", SCHED_RR },
	{ "SCHED_BATCH", SCHED_BATCH },
	{ "SCHED_ISO", 4 }, /* reserved by the kernel, never implemented */
	{ "SCHED_IDLE", SCHED_IDLE },
	{ "SCHED_DEADLINE", SCHED_DEADLINE },
	{ NULL, 0 },
};

static const struct name scheduler_flag_names[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK },
	{ "SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM },
	{ "SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN },
	{ "SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY },
	{ "SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX },
	{ NULL, 0 },
};

static const struct name memory_mode_names[] = {
	{ "MPOL_DEFAULT", MPOL_DEFAULT },
	{ "MPOL_BIND", MPOL_BIND },
	{ "MPOL_INTERLEAVE", MPOL_INTERLEAVE },
	{ "MPOL_WEIGHTED_INTERLEAVE", MPOL_WEIGHTED_INTERLEAVE },
	{ "MPOL_PREFERRED", MPOL_PREFERRED },
	{ "MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY },
	{ "MPOL_LOCAL", MPOL_LOCAL },
	{ NULL, 0 },
};

static const struct name memory_flag_names[] = {
	{ "MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING },
	{ "MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES },
	{ "MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES },
	{ NULL, 0 },
};

static const struct name personality_names[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
	{ NULL, 0 },
};

/* --- process ---------------------------------------------------------------------------- */

static const struct field console_fields[] = {
	RANGE(struct console_spec, height, "height", 0, UINT16_MAX, .required = true),
	RANGE(struct console_spec, width, "width", 0, UINT16_MAX, .required = true),
};
static const struct shape console_shape = SHAPE(struct console_spec, console_fields);

static const struct field user_fields[] = {
	RANGE(struct user_spec, uid, "uid", 0, CONFIG_ID_MAX, .required = true),
	RANGE(struct user_spec, gid, "gid", 0, CONFIG_ID_MAX),
	RANGE(struct user_spec, umask, "umask", 0, 0777),
	RANGE(struct user_spec, additional_gids, "additionalGids", 0, CONFIG_ID_MAX),
	FIELD(struct user_spec, username, "username"),
};
static const struct shape user_shape = SHAPE(struct user_spec, user_fields);

#define CAPABILITIES(m) CAPS(struct capabilities_spec, m, #m)
static const struct field capabilities_fields[] = {
	CAPABILITIES(bounding),	   CAPABILITIES(permitted), CAPABILITIES(effective),
	CAPABILITIES(inheritable), CAPABILITIES(ambient),
};
static const struct shape capabilities_shape = SHAPE(struct capabilities_spec, capabilities_fields);

static const struct field io_priority_fields[] = {
	WORD(struct io_priority_spec, class, "class", io_class_names, .required = true),
	FIELD(struct io_priority_spec, priority, "priority"),
};
static const struct shape io_priority_shape = SHAPE(struct io_priority_spec, io_priority_fields);

static const struct field scheduler_fields[] = {
	WORD(struct scheduler_spec, policy, "policy", scheduler_names, .required = true),
	FIELD(struct scheduler_spec, nice, "nice"),
	FIELD(struct scheduler_spec, priority, "priority"),
	WORD_SET(struct scheduler_spec, flags, "flags", scheduler_flag_names),
	FIELD(struct scheduler_spec, runtime, "runtime"),
	FIELD(struct scheduler_spec, deadline, "deadline"),
	FIELD(struct scheduler_spec, period, "period"),
};
static const struct shape scheduler_shape = SHAPE(struct scheduler_spec, scheduler_fields);

static const struct field rlimit_fields[] = {
	WORD(struct rlimit_spec, type, "type", words_rlimits, .required = true),
	REQUIRED(struct rlimit_spec, soft, "soft"),
	REQUIRED(struct rlimit_spec, hard, "hard"),
};
static const struct shape rlimit_shape = SHAPE(struct rlimit_spec, rlimit_fields);

static const struct field exec_affinity_fields[] = {
	TEXT(struct exec_affinity_spec, initial, "initial", rules_cpu_list),
	TEXT(struct exec_affinity_spec, final, "final", rules_cpu_list),
};
static const struct shape exec_affinity_shape =
	SHAPE(struct exec_affinity_spec, exec_affinity_fields);

static const struct field process_fields[] = {
	FIELD(struct process_spec, terminal, "terminal"),
	OBJECT(struct process_spec, console_size, "consoleSize", console_shape),
	OBJECT(struct process_spec, user, "user", user_shape),
	FIELD(struct process_spec, args, "args"),
	FIELD(struct process_spec, command_line, "commandLine"),
	TEXT(struct process_spec, env, "env", rules_assignment),
	TEXT(struct process_spec, cwd, "cwd", rules_absolute_path, .required = true),
	OBJECT(struct process_spec, capabilities, "capabilities", capabilities_shape),
	LIST(struct process_spec, rlimits, "rlimits", rlimit_shape),
	FIELD(struct process_spec, no_new_privileges, "noNewPrivileges"),
	FIELD(struct process_spec, apparmor_profile, "apparmorProfile"),
	RANGE(struct process_spec, oom_score_adj, "oomScoreAdj", -1000, 1000),
	FIELD(struct process_spec, selinux_label, "selinuxLabel"),
	OBJECT(struct process_spec, scheduler, "scheduler", scheduler_shape),
	OBJECT(struct process_spec, io_priority, "ioPriority", io_priority_shape),
	OBJECT(struct process_spec, exec_affinity, "execCPUAffinity", exec_affinity_shape),
};
const struct shape config_process_shape = SHAPE(struct process_spec, process_fields);

/* --- root, mounts, hooks ---------------------------------------------------------------- */

static const struct field root_fields[] = {
	TEXT(struct root_spec, path, "path", rules_path, .required = true),
	FIELD(struct root_spec, readonly, "readonly"),
};
static const struct shape root_shape = SHAPE(struct root_spec, root_fields);

static const struct field id_map_fields[] = {
	RANGE(struct id_map_spec, container, "containerID", 0, CONFIG_ID_MAX, .required = true),
	RANGE(struct id_map_spec, host, "hostID", 0, CONFIG_ID_MAX, .required = true),
	RANGE(struct id_map_spec, size, "size", 1, UINT32_MAX, .required = true),
};
static const struct shape id_map_shape = SHAPE(struct id_map_spec, id_map_fields);

static const struct field mount_fields[] = {
	TEXT(struct mount_spec, destination, "destination", rules_path, .required = true),
	FIELD(struct mount_spec, type, "type"),
	FIELD(struct mount_spec, source, "source"),
	TEXT(struct mount_spec, options, "options", rules_option),
	LIST(struct mount_spec, uid_maps, "uidMappings", id_map_shape),
	LIST(struct mount_spec, gid_maps, "gidMappings", id_map_shape),
};
static const struct shape mount_shape = SHAPE(struct mount_spec, mount_fields);

static const struct field hook_fields[] = {
	TEXT(struct hook_spec, path, "path", rules_absolute_path, .required = true),
	FIELD(struct hook_spec, args, "args"),
	TEXT(struct hook_spec, env, "env", rules_assignment),
	RANGE(struct hook_spec, timeout, "timeout", 1, INT32_MAX),
};
static const struct shape hook_shape = SHAPE(struct hook_spec, hook_fields);

static const struct field hooks_fields[] = {
	LIST(struct hooks_spec, kinds[HOOK_PRESTART], "prestart", hook_shape),
	LIST(struct hooks_spec, kinds[HOOK_CREATE_RUNTIME], "createRuntime", hook_shape),
	LIST(struct hooks_spec, kinds[HOOK_CREATE_CONTAINER], "createContainer", hook_shape),
	LIST(struct hooks_spec, kinds[HOOK_START_CONTAINER], "startContainer", hook_shape),
	LIST(struct hooks_spec, kinds[HOOK_POSTSTART], "poststart", hook_shape),
	LIST(struct hooks_spec, kinds[HOOK_POSTSTOP], "poststop", hook_shape),
};
const struct shape config_hooks_shape = SHAPE(struct hooks_spec, hooks_fields);

/* --- linux.resources -------------------------------------------------------------------- */

static const struct field device_rule_fields[] = {
	REQUIRED(struct device_rule_spec, allow, "allow"),
	TEXT(struct device_rule_spec, type, "type", rules_device_rule_type),
	RANGE(struct device_rule_spec, major, "major", -1, INT32_MAX),
	RANGE(struct device_rule_spec, minor, "minor", -1, INT32_MAX),
	TEXT(struct device_rule_spec, access, "access", rules_device_access),
};
static const struct shape device_rule_shape = SHAPE(struct device_rule_spec, device_rule_fields);

static const struct field memory_fields[] = {
	RANGE(struct memory_spec, kernel, "kernel", -1, INT64_MAX),
	RANGE(struct memory_spec, kernel_tcp, "kernelTCP", -1, INT64_MAX),
	RANGE(struct memory_spec, limit, "limit", -1, INT64_MAX),
	RANGE(struct memory_spec, reservation, "reservation", -1, INT64_MAX),
	RANGE(struct memory_spec, swap, "swap", -1, INT64_MAX),
	FIELD(struct memory_spec, swappiness, "swappiness"),
	FIELD(struct memory_spec, disable_oom_killer, "disableOOMKiller"),
	FIELD(struct memory_spec, use_hierarchy, "useHierarchy"),
	FIELD(struct memory_spec, check_before_update, "checkBeforeUpdate"),
};
static const struct shape memory_shape = SHAPE(struct memory_spec, memory_fields);

static const struct field cpu_fields[] = {
	TEXT(struct cpu_spec, cpus, "cpus", rules_cpu_list),
	TEXT(struct cpu_spec, mems, "mems", rules_cpu_list),
	FIELD(struct cpu_spec, shares, "shares"),
	FIELD(struct cpu_spec, period, "period"),
	FIELD(struct cpu_spec, burst, "burst"),
	FIELD(struct cpu_spec, realtime_period, "realtimePeriod"),
	FIELD(struct cpu_spec, quota, "quota"),
	FIELD(struct cpu_spec, realtime_runtime, "realtimeRuntime"),
	RANGE(struct cpu_spec, idle, "idle", 0, 1),
};
static const struct shape cpu_shape = SHAPE(struct cpu_spec, cpu_fields);

static const struct field pids_fields[] = {
	RANGE(struct pids_spec, limit, "limit", -1, INT64_MAX),
};
static const struct shape pids_shape = SHAPE(struct pids_spec, pids_fields);

#define MAJOR_MINOR(t)                                            \
	RANGE(t, major, "major", 0, INT32_MAX, .required = true), \
		RANGE(t, minor, "minor", 0, INT32_MAX, .required = true)

static const struct field weight_device_fields[] = {
	MAJOR_MINOR(struct weight_device_spec),
	RANGE(struct weight_device_spec, weight, "weight", 0, UINT16_MAX),
	RANGE(struct weight_device_spec, leaf_weight, "leafWeight", 0, UINT16_MAX),
};
static const struct shape weight_device_shape =
	SHAPE(struct weight_device_spec, weight_device_fields);

static const struct field throttle_device_fields[] = {
	MAJOR_MINOR(struct throttle_device_spec),
	FIELD(struct throttle_device_spec, rate, "rate"),
};
static const struct shape throttle_device_shape =
	SHAPE(struct throttle_device_spec, throttle_device_fields);

static const struct field block_io_fields[] = {
	RANGE(struct block_io_spec, weight, "weight", 0, UINT16_MAX),
	RANGE(struct block_io_spec, leaf_weight, "leafWeight", 0, UINT16_MAX),
	LIST(struct block_io_spec, read_bps, "throttleReadBpsDevice", throttle_device_shape),
	LIST(struct block_io_spec, write_bps, "throttleWriteBpsDevice", throttle_device_shape),
	LIST(struct block_io_spec, read_iops, "throttleReadIOPSDevice", throttle_device_shape),
	LIST(struct block_io_spec, write_iops, "throttleWriteIOPSDevice", throttle_device_shape),
	LIST(struct block_io_spec, weight_devices, "weightDevice", weight_device_shape),
};
static const struct shape block_io_shape = SHAPE(struct block_io_spec, block_io_fields);

static const struct field hugepage_fields[] = {
	TEXT(struct hugepage_spec, page_size, "pageSize", rules_page_size, .required = true),
	REQUIRED(struct hugepage_spec, limit, "limit"),
};
static const struct shape hugepage_shape = SHAPE(struct hugepage_spec, hugepage_fields);

static const struct field network_priority_fields[] = {
	TEXT(struct network_priority_spec, name, "name", rules_interface, .required = true),
	REQUIRED(struct network_priority_spec, priority, "priority"),
};
static const struct shape network_priority_shape =
	SHAPE(struct network_priority_spec, network_priority_fields);

static const struct field network_fields[] = {
	FIELD(struct network_spec, class_id, "classID"),
	LIST(struct network_spec, priorities, "priorities", network_priority_shape),
};
static const struct shape network_shape = SHAPE(struct network_spec, network_fields);

static const struct field rdma_fields[] = {
	FIELD(struct rdma_spec, hca_handles, "hcaHandles"),
	FIELD(struct rdma_spec, hca_objects, "hcaObjects"),
};
static const struct shape rdma_shape = SHAPE(struct rdma_spec, rdma_fields);

static const struct field resources_fields[] = {
	FIELD(struct resources_spec, unified, "unified"),
	LIST(struct resources_spec, devices, "devices", device_rule_shape),
	OBJECT(struct resources_spec, pids, "pids", pids_shape),
	OBJECT(struct resources_spec, block_io, "blockIO", block_io_shape),
	OBJECT(struct resources_spec, cpu, "cpu", cpu_shape),
	LIST(struct resources_spec, hugepages, "hugepageLimits", hugepage_shape),
	OBJECT(struct resources_spec, memory, "memory", memory_shape),
	OBJECT(struct resources_spec, network, "network", network_shape),
	MAP(struct resources_spec, rdma, "rdma", rdma_shape, struct rdma_spec, device),
};
const struct shape config_resources_shape = SHAPE(struct resources_spec, resources_fields);

/* --- linux.seccomp ---------------------------------------------------------------------- */

static const struct field seccomp_arg_fields[] = {
	RANGE(struct seccomp_arg_spec, index, "index", 0, 5, .required = true),
	REQUIRED(struct seccomp_arg_spec, value, "value"),
	FIELD(struct seccomp_arg_spec, value_two, "valueTwo"),
	WORD(struct seccomp_arg_spec, op, "op", words_seccomp_ops, .required = true),
};
static const struct shape seccomp_arg_shape = SHAPE(struct seccomp_arg_spec, seccomp_arg_fields);

static const struct field seccomp_rule_fields[] = {
	TEXT(struct seccomp_rule_spec, names, "names", rules_not_empty, .required = true),
	WORD(struct seccomp_rule_spec, action, "action", seccomp_action_names, .required = true),
	FIELD(struct seccomp_rule_spec, errno_ret, "errnoRet"),
	LIST(struct seccomp_rule_spec, args, "args", seccomp_arg_shape),
};
static const struct shape seccomp_rule_shape = SHAPE(struct seccomp_rule_spec, seccomp_rule_fields);

static const struct field seccomp_fields[] = {
	WORD(struct seccomp_spec, default_action, "defaultAction", words_seccomp_defaults,
	     .required = true),
	FIELD(struct seccomp_spec, default_errno_ret, "defaultErrnoRet"),
	WORD_SET(struct seccomp_spec, flags, "flags", words_seccomp_flags),
	FIELD(struct seccomp_spec, listener_path, "listenerPath"),
	FIELD(struct seccomp_spec, listener_metadata, "listenerMetadata"),
	WORDS(struct seccomp_spec, architectures, "architectures", words_seccomp_archs),
	LIST(struct seccomp_spec, syscalls, "syscalls", seccomp_rule_shape),
};
const struct shape config_seccomp_shape = SHAPE(struct seccomp_spec, seccomp_fields);

/* --- linux ------------------------------------------------------------------------------ */

static const struct field namespace_fields[] = {
	WORD(struct namespace_spec, type, "type", words_namespaces, .required = true),
	TEXT(struct namespace_spec, path, "path", rules_absolute_or_empty),
};
static const struct shape namespace_shape = SHAPE(struct namespace_spec, namespace_fields);

static const struct field device_fields[] = {
	TEXT(struct device_spec, type, "type", rules_device_type, .required = true),
	TEXT(struct device_spec, path, "path", rules_absolute_path, .required = true),
	FIELD(struct device_spec, file_mode, "fileMode"),
	RANGE(struct device_spec, major, "major", -1, INT32_MAX),
	RANGE(struct device_spec, minor, "minor", -1, INT32_MAX),
	RANGE(struct device_spec, uid, "uid", 0, CONFIG_ID_MAX),
	RANGE(struct device_spec, gid, "gid", 0, CONFIG_ID_MAX),
};
static const struct shape device_shape = SHAPE(struct device_spec, device_fields);

static const struct field net_device_fields[] = {
	TEXT(struct net_device_spec, name, "name", rules_interface),
};
static const struct shape net_device_shape = SHAPE(struct net_device_spec, net_device_fields);

static const struct field intel_rdt_fields[] = {
	FIELD(struct intel_rdt_spec, clos_id, "closID"),
	FIELD(struct intel_rdt_spec, schemata, "schemata"),
	FIELD(struct intel_rdt_spec, l3_cache_schema, "l3CacheSchema"),
	FIELD(struct intel_rdt_spec, mem_bw_schema, "memBwSchema"),
	FIELD(struct intel_rdt_spec, enable_monitoring, "enableMonitoring"),
};
static const struct shape intel_rdt_shape = SHAPE(struct intel_rdt_spec, intel_rdt_fields);

static const struct field memory_policy_fields[] = {
	WORD(struct memory_policy_spec, mode, "mode", memory_mode_names),
	FIELD(struct memory_policy_spec, nodes, "nodes"),
	WORD_SET(struct memory_policy_spec, flags, "flags", memory_flag_names),
};
static const struct shape memory_policy_shape =
	SHAPE(struct memory_policy_spec, memory_policy_fields);

static const struct field personality_fields[] = {
	WORD(struct personality_spec, domain, "domain", personality_names, .required = true),
	FIELD(struct personality_spec, flags, "flags"),
};
static const struct shape personality_shape = SHAPE(struct personality_spec, personality_fields);

static const struct field time_offset_fields[] = {
	FIELD(struct time_offset_spec, secs, "secs"),
	RANGE(struct time_offset_spec, nanosecs, "nanosecs", 0, 999999999),
};
static const struct shape time_offset_shape = SHAPE(struct time_offset_spec, time_offset_fields);

static const struct field time_offsets_fields[] = {
	OBJECT(struct time_offsets_spec, boottime, "boottime", time_offset_shape),
	OBJECT(struct time_offsets_spec, monotonic, "monotonic", time_offset_shape),
};
static const struct shape time_offsets_shape = SHAPE(struct time_offsets_spec, time_offsets_fields);

static const struct field linux_fields[] = {
	LIST(struct linux_spec, devices, "devices", device_shape),
	MAP(struct linux_spec, net_devices, "netDevices", net_device_shape, struct net_device_spec,
	    host_name),
	LIST(struct linux_spec, uid_maps, "uidMappings", id_map_shape),
	LIST(struct linux_spec, gid_maps, "gidMappings", id_map_shape),
	LIST(struct linux_spec, namespaces, "namespaces", namespace_shape),
	OBJECT(struct linux_spec, resources, "resources", config_resources_shape),
	FIELD(struct linux_spec, cgroups_path, "cgroupsPath"),
	WORD(struct linux_spec, rootfs_propagation, "rootfsPropagation", words_propagations),
	OBJECT(struct linux_spec, seccomp, "seccomp", config_seccomp_shape),
	FIELD(struct linux_spec, sysctl, "sysctl"),
	TEXT(struct linux_spec, masked_paths, "maskedPaths", rules_absolute_path),
	TEXT(struct linux_spec, readonly_paths, "readonlyPaths", rules_absolute_path),
	FIELD(struct linux_spec, mount_label, "mountLabel"),
	OBJECT(struct linux_spec, intel_rdt, "intelRdt", intel_rdt_shape),
	OBJECT(struct linux_spec, memory_policy, "memoryPolicy", memory_policy_shape),
	OBJECT(struct linux_spec, personality, "personality", personality_shape),
	OBJECT(struct linux_spec, time_offsets, "timeOffsets", time_offsets_shape),
};
static const struct shape linux_shape = SHAPE(struct linux_spec, linux_fields);

/* --- all of it -------------------------------------------------------------------------- */

static const struct field config_fields[] = {
	REQUIRED(struct config, oci_version, "ociVersion"),
	OBJECT(struct config, process, "process", config_process_shape),
	OBJECT(struct config, root, "root", root_shape),
	TEXT(struct config, hostname, "hostname", rules_host_name),
	TEXT(struct config, domainname, "domainname", rules_host_name),
	LIST(struct config, mounts, "mounts", mount_shape),
	OBJECT(struct config, hooks, "hooks", config_hooks_shape),
	OBJECT(struct config, linux_, "linux", linux_shape),
	FIELD(struct config, annotations, "annotations"),
	FIELD(struct config, solaris, "solaris"),
	FIELD(struct config, windows, "windows"),
	FIELD(struct config, vm, "vm"),
	FIELD(struct config, zos, "zos"),
	FIELD(struct config, freebsd, "freebsd"),
};
const struct shape config_shape = SHAPE(struct config, config_fields);
