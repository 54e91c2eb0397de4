/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json, process.json and resources.json as structs: every property that version 1.3 of the
 * runtime-spec has for Linux, under the specification's names.
 *
 * An object is a member by value. If it is absent all its members are zero and its `at` is NULL, so
 * no check is needed before reading a member. `at` is also the place for messages. An absent string
 * is NULL. An absent list has n == 0 and v == NULL ([] has v != NULL). opt_* and word_set have a
 * member `set`. Example:
 *
 *     if (config.linux_.resources.memory.limit.set)
 *             write_limit(config.linux_.resources.memory.limit.v);
 *     if (!m->source)
 *             return json_fail_member(m->at, "source", "missing");
 *             prints "config.json:41: mounts[3].source: missing"
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include "base/io.h"
#include "base/names.h"
#include "oci/decode.h"
#include "oci/words.h"

/* The largest id. 4294967295 means "no change" to setresuid(2) and is refused. */
#define CONFIG_ID_MAX 4294967294U

/* --- process ---------------------------------------------------------------------------- */

struct console_spec {
	const struct json *at;
	uint64_t height, width; /* at most 65535 each */
};

struct user_spec {
	const struct json *at;
	uint32_t uid, gid;
	struct opt_u32 umask; /* at most 0777 */
	struct numbers additional_gids;
	const char *username; /* for Windows; has no effect */
};

struct capabilities_spec { /* bit n: capability n; unknown ones are noted and ignored */
	const struct json *at;
	struct word_set bounding, permitted, effective, inheritable, ambient;
};

struct io_priority_spec {
	const struct json *at;
	uint32_t class; /* IOPRIO_CLASS_*, never 0 */
	int32_t priority;
};

struct scheduler_spec {
	const struct json *at;
	uint32_t policy; /* SCHED_* */
	int32_t nice, priority;
	struct word_set flags;		    /* SCHED_FLAG_* */
	uint64_t runtime, deadline, period; /* nanoseconds */
};

struct rlimit_spec {
	const struct json *at;
	uint32_t type; /* RLIMIT_* */
	uint64_t soft, hard;
};

struct exec_affinity_spec {
	const struct json *at;
	const char *initial, *final; /* lists of CPUs */
};

struct process_spec {
	const struct json *at;
	struct strings args;
	const char *command_line; /* for Windows; has no effect */
	struct console_spec console_size;
	const char *cwd;
	struct strings env;
	bool terminal;
	struct user_spec user;
	struct capabilities_spec capabilities;
	const char *apparmor_profile;
	struct opt_i64 oom_score_adj; /* -1000..1000 */
	const char *selinux_label;
	struct io_priority_spec io_priority;
	bool no_new_privileges;
	struct scheduler_spec scheduler;
	struct {
		size_t n;
		struct rlimit_spec *v;
	} rlimits;
	struct exec_affinity_spec exec_affinity;
};

/* --- root, mounts, hooks ---------------------------------------------------------------- */

struct root_spec {
	const struct json *at;
	const char *path; /* a relative path is relative to the bundle */
	bool readonly;
};

struct id_map_spec {
	const struct json *at;
	uint32_t container, host, size;
};

struct id_maps_spec {
	size_t n;
	struct id_map_spec *v;
};

struct mount_spec {
	const struct json *at;
	const char *destination, *type, *source;
	struct strings options;
	struct id_maps_spec uid_maps, gid_maps;
};

struct hook_spec {
	const struct json *at;
	const char *path;
	struct strings args, env;
	struct opt_u32 timeout; /* seconds, 1.. */
};

struct hook_list {
	size_t n;
	struct hook_spec *v;
};

struct hooks_spec {
	const struct json *at;
	struct hook_list kinds[HOOK_KINDS];
};

/* --- linux.resources -------------------------------------------------------------------- */

struct device_rule_spec { /* element of resources.devices */
	const struct json *at;
	bool allow;
	const char *type;	     /* "a", "b", "c", "u" (as "c") or NULL: a */
	struct opt_i64 major, minor; /* absent or -1: any */
	const char *access;	     /* of "rwm"; NULL: all */
};

struct memory_spec { /* bytes; -1: no limit */
	const struct json *at;
	struct opt_i64 kernel, kernel_tcp, limit, reservation, swap;
	struct opt_u64 swappiness;
	struct opt_bool disable_oom_killer, use_hierarchy, check_before_update;
};

struct cpu_spec { /* times in microseconds */
	const struct json *at;
	const char *cpus, *mems;
	struct opt_u64 shares, period, burst, realtime_period;
	struct opt_i64 quota, realtime_runtime, idle;
};

struct pids_spec {
	const struct json *at;
	struct opt_i64 limit; /* 0 is a limit; -1: none */
};

struct weight_device_spec {
	const struct json *at;
	int64_t major, minor;
	struct opt_u32 weight, leaf_weight;
};

struct throttle_device_spec {
	const struct json *at;
	int64_t major, minor;
	uint64_t rate;
};

struct throttle_list {
	size_t n;
	struct throttle_device_spec *v;
};

struct block_io_spec {
	const struct json *at;
	struct opt_u32 weight, leaf_weight; /* 16 bits */
	struct throttle_list read_bps, write_bps, read_iops, write_iops;
	struct {
		size_t n;
		struct weight_device_spec *v;
	} weight_devices;
};

struct hugepage_spec {
	const struct json *at;
	const char *page_size; /* "2MB" */
	uint64_t limit;	       /* bytes */
};

struct network_priority_spec {
	const struct json *at;
	const char *name;
	uint32_t priority;
};

struct network_spec {
	const struct json *at;
	struct opt_u32 class_id;
	struct {
		size_t n;
		struct network_priority_spec *v;
	} priorities;
};

struct rdma_spec {
	const struct json *at;
	const char *device; /* the key, for example "mlx5_1" */
	struct opt_u32 hca_handles, hca_objects;
};

struct resources_spec {
	const struct json *at;
	struct pairs unified; /* values by cgroup v2 file, in the order of the file */
	struct {
		size_t n;
		struct device_rule_spec *v;
	} devices;
	struct pids_spec pids;
	struct block_io_spec block_io;
	struct cpu_spec cpu;
	struct {
		size_t n;
		struct hugepage_spec *v;
	} hugepages;
	struct memory_spec memory;
	struct network_spec network;
	struct {
		size_t n;
		struct rdma_spec *v;
	} rdma;
};

/* --- linux.seccomp ---------------------------------------------------------------------- */

struct seccomp_arg_spec {
	const struct json *at;
	uint32_t index; /* 0..5 */
	uint32_t op;	/* enum seccomp_op */
	uint64_t value, value_two;
};

struct seccomp_rule_spec {
	const struct json *at;
	struct strings names; /* at least one; may be unknown */
	/* SECCOMP_RET_* without data; the data of ERRNO and TRACE is errno_ret */
	uint32_t action;
	struct opt_u32 errno_ret;
	struct {
		size_t n;
		struct seccomp_arg_spec *v;
	} args;
};

/* "defaultAction": "", which means no filter if there are no rules. */
#define SECCOMP_ACTION_NONE UINT32_MAX

struct seccomp_spec {
	const struct json *at;
	uint32_t default_action; /* SECCOMP_RET_*, without data; SECCOMP_ACTION_NONE */
	struct opt_u32 default_errno_ret;
	struct strings architectures; /* each is in words_seccomp_archs */
	struct word_set flags;	      /* SECCOMP_FILTER_FLAG_*; `set` if the key is present */
	const char *listener_path, *listener_metadata;
	struct {
		size_t n;
		struct seccomp_rule_spec *v;
	} syscalls;
};

/* --- linux ------------------------------------------------------------------------------ */

struct namespace_spec {
	const struct json *at;
	uint32_t type;	  /* CLONE_NEW* */
	const char *path; /* NULL or "": a new one */
};

struct device_spec { /* element of linux.devices */
	const struct json *at;
	const char *type; /* "c", "b", "u", "p" */
	const char *path; /* absolute */
	/* Docker also writes type bits and Go's mode bits: use only 07777 */
	struct opt_u32 file_mode;
	struct opt_i64 major, minor;
	struct opt_u32 uid, gid;
};

struct net_device_spec {
	const struct json *at;
	const char *host_name; /* the key */
	const char *name;      /* in the container; NULL: the same */
};

struct intel_rdt_spec {
	const struct json *at;
	const char *clos_id;
	struct strings schemata;
	const char *l3_cache_schema, *mem_bw_schema;
	bool enable_monitoring;
};

struct memory_policy_spec {
	const struct json *at;
	uint32_t mode; /* MPOL_* */
	const char *nodes;
	struct word_set flags; /* MPOL_F_* */
};

struct personality_spec {
	const struct json *at;
	uint32_t domain; /* PER_LINUX, PER_LINUX32 */
	struct strings flags;
};

struct time_offset_spec {
	const struct json *at;
	int64_t secs;
	uint32_t nanosecs; /* below 10^9 */
};

struct time_offsets_spec {
	const struct json *at;
	struct time_offset_spec boottime, monotonic;
};

struct linux_spec {
	const struct json *at;
	struct {
		size_t n;
		struct device_spec *v;
	} devices;
	struct {
		size_t n;
		struct net_device_spec *v;
	} net_devices;
	struct id_maps_spec uid_maps, gid_maps;
	struct {
		size_t n;
		struct namespace_spec *v;
	} namespaces;
	struct resources_spec resources;
	const char *cgroups_path;
	/* MS_*, with MS_REC for the words that begin with "r"; 0: absent */
	uint32_t rootfs_propagation;
	struct seccomp_spec seccomp; /* `at` is NULL: no filter */
	struct pairs sysctl;
	struct strings masked_paths, readonly_paths;
	const char *mount_label;
	struct intel_rdt_spec intel_rdt;
	struct memory_policy_spec memory_policy;
	struct personality_spec personality;
	struct time_offsets_spec time_offsets;
};

/* --- all of it -------------------------------------------------------------------------- */

struct config {
	const struct json *at;
	const char *oci_version;
	struct hooks_spec hooks;
	struct pairs annotations;
	const char *hostname, *domainname;
	struct {
		size_t n;
		struct mount_spec *v;
	} mounts;
	struct root_spec root;
	struct process_spec process;
	struct linux_spec linux_;				   /* "linux" is a macro of gcc */
	const struct json *solaris, *windows, *vm, *zos, *freebsd; /* any value; NULL: absent */
};

/* Field tables, for encoding and for decoding parts of other documents. */
extern const struct shape config_shape, config_process_shape, config_resources_shape,
	config_seccomp_shape, config_hooks_shape;
#define seccomp_action_names (words_seccomp_defaults + 1)

#endif
