/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What will be done, decided: numbers, masks, words. No descriptor, no side effect. Made by
 * plan_make() from the config, the host's facts and the options; const ever after. The
 * container's side (lib/fs, lib/process) and lib/cgroup read it and parse nothing.
 *
 * `place` members name where in config.json a thing stands ("mounts[3]"), for messages.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/base.h"

#include <sys/types.h>

struct config;
struct filter;
struct host;
struct process_spec;
struct resources_spec;
struct strings;

/* --- namespaces ------------------------------------------------------------------------- */

struct plan_join {
	uint64_t flag;	  /* one CLONE_NEW*, what the file must be (NS_GET_NSTYPE) */
	const char *path; /* absolute, on the host */
	const char *place;
};

struct plan_id_map {
	uint32_t container, host, size;
};

struct plan_id_maps {
	size_t n;
	const struct plan_id_map *v;
};

/* How the maps of a new user namespace come to be (user_namespaces(7)). */
enum plan_map_way {
	PLAN_MAP_WRITE,	  /* by privilege over the ids */
	PLAN_MAP_OWN,	  /* one's own id and no other, for gids with setgroups(2) denied */
	PLAN_MAP_PROGRAM, /* by newuidmap(1), newgidmap(1) */
};

struct plan_time_offset {
	const char *clock; /* "monotonic", "boottime": as timens_offsets wants it */
	int64_t secs;
	uint32_t nanosecs;
};

struct plan_namespaces {
	uint64_t made;	 /* CLONE_NEW* to be made; NEWCGROUP and NEWTIME by a later unshare */
	uint64_t joined; /* CLONE_NEW* to be joined by path; disjoint from made */
	size_t n_joins;	 /* in the order in which the rights suffice */
	const struct plan_join *joins;
	struct plan_id_maps uid_maps, gid_maps; /* of a made user namespace */
	enum plan_map_way uid_way, gid_way;
	size_t n_offsets; /* of a made time namespace */
	const struct plan_time_offset *offsets;
};

/* --- the file system -------------------------------------------------------------------- */

enum plan_mount_kind {
	PLAN_MOUNT_FS,	   /* a new superblock: fsopen(fstype) */
	PLAN_MOUNT_BIND,   /* a clone of `source` */
	PLAN_MOUNT_CGROUP, /* the container's own cgroups: v1 hierarchies below a tmpfs, or cgroup2
			    */
};

struct plan_option {
	const char *key;
	const char *value; /* NULL: a flag */
};

/* One word about propagation, to be applied behind those before it. */
struct plan_propagation {
	uint64_t type; /* one MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE */
	bool recursive;
};

enum plan_idmap { PLAN_IDMAP_NONE, PLAN_IDMAP_TOP, PLAN_IDMAP_RECURSIVE };

struct plan_mount {
	enum plan_mount_kind kind;
	const char *place;
	const char *destination; /* absolute, cleaned; resolved inside the root by the kernel */
	const char *source;	 /* bind: absolute host path; fs: fsconfig "source" or NULL */
	const char *fstype;	 /* fs only */
	bool recursive;		 /* rbind */
	bool copy_up;		 /* tmpcopyup: start with what the image has at destination */
	bool strict_target;	 /* proc, sysfs: no symbolic link on the way to destination */
	bool proc_source;	 /* bind at /proc: what is cloned must be the root of a procfs */
	bool sdnotify;		 /* gets the socket of NOTIFY_SOCKET, before it is attached */
	bool optional;	/* reserved for what engines mark as such; missing source is no error */
	bool copy_link; /* bind: a source that is a symbolic link is made again */
	uint64_t attr_set, attr_clear; /* MOUNT_ATTR_* of the top mount; then: */
	uint64_t rec_set, rec_clear;   /* MOUNT_ATTR_* of the whole tree (ro -> rro, ...) */
	/* bind: of attr_clear, what words like "exec" ask for, where others may stay that are
	 * locked; and MOUNT_ATTR_NOATIME, _STRICTATIME: to be undone if the source has it. */
	uint64_t attr_undo;
	size_t n_propagations;
	const struct plan_propagation *propagations;
	enum plan_idmap idmap;
	struct plan_id_maps uid_maps, gid_maps; /* n 0: those of the user namespace */
	size_t n_options; /* superblock options, in order; "ro" as superblock flag among them */
	const struct plan_option *options;
};

struct plan_node { /* a device to make below the root */
	const char *place;
	const char *path;
	mode_t mode; /* type and permissions, as for mknod(2) */
	uint32_t major, minor;
	uid_t uid; /* as seen in the container */
	gid_t gid;
	bool standard; /* one of /dev/null ...: an equal one that is there already is fine */
};

struct plan_link {
	const char *path, *target;
};

struct plan_root {
	const char *path; /* absolute host path of the root file system */
	bool readonly;
	uint64_t propagation; /* MS_* of "/" in the end; 0: private */
	bool propagation_recursive;
};

struct plan_sysctl {
	const char *key;  /* as written */
	const char *path; /* below /proc/sys, relative */
	const char *value;
	uint64_t ns; /* CLONE_NEW*: the namespace that it is written in */
};

/* --- the process ------------------------------------------------------------------------ */

struct plan_caps {
	uint64_t bounding, effective, inheritable, permitted, ambient; /* bit n: capability n */
};

struct plan_rlimit {
	int resource;	     /* RLIMIT_* */
	uint64_t soft, hard; /* RLIM_INFINITY is UINT64_MAX */
	const char *name;
};

/* A set of CPUs as sched_setaffinity(2) takes it, as large as the kernel's largest. */
struct plan_cpus {
	unsigned long v[8192 / (8 * sizeof(unsigned long))];
};

struct plan_process {
	const char *program; /* what to execute; NULL: argv[0] */
	char *const *argv;
	char *const *envp;
	const char *path_env; /* value of PATH in envp, for the lookup of argv[0]; "" if unset */
	const char *cwd;
	uid_t uid;
	gid_t gid;
	size_t n_groups;
	const gid_t *groups;
	bool keep_groups; /* those of the caller, whatever they are: `groups` are not set */
	bool set_umask;
	mode_t umask;
	struct plan_caps caps;
	bool no_new_privs;
	size_t n_rlimits;
	const struct plan_rlimit *rlimits;
	bool set_oom_score_adj;
	int oom_score_adj;
	bool terminal;
	uint16_t rows, columns; /* 0 0: not given */
	const char *apparmor;	/* NULL: none */
	const char *selinux;
	bool add_home; /* HOME is missing in envp: look uid up in the image's /etc/passwd */
	bool set_personality;
	uint32_t personality; /* PER_* */
	/* exec alone: where to run until it is in the container's cgroup, and from then on; NULL:
	 * where the caller does, and where the cgroup lets it. */
	const struct plan_cpus *affinity_initial, *affinity_final;
};

/* --- hooks ------------------------------------------------------------------------------ */

enum plan_hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS,
};

struct plan_hook {
	const char *place; /* "hooks.prestart[0]" */
	const char *path;
	char *const *argv;
	char *const *envp;    /* exactly what the hook gets; NULL: see hooks.h */
	unsigned int timeout; /* seconds; 0: none */
};

struct plan_hooks {
	size_t n;
	const struct plan_hook *v;
};

/* --- cgroups ---------------------------------------------------------------------------- */

enum { PLAN_HIERARCHIES = 16 };

struct plan_hierarchy {
	const char *name; /* directory name below /sys/fs/cgroup: "memory", "systemd", "unified" */
	const char *mountpoint;	 /* on the host, absolute */
	const char *controllers; /* as mounted: "cpu,cpuacct", "name=systemd"; "" for v2 */
	bool v2;
	const char *path; /* the container's leaf below mountpoint, "/docker/ID"; cleaned */
};

struct plan_cgroup_value {
	const char *place;	/* "linux.resources.memory.limit" */
	const char *controller; /* v1: "memory"; v2: the controller that must be enabled, or NULL */
	const char *file;
	const char *value;
	const char *else_file, *else_value; /* written where the kernel has no `file`; NULL: none */
	bool optional; /* the kernel may lack the file (swap accounting): no error when absent */
};

struct plan_device_rule {
	bool allow;
	char type;	      /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: any */
	bool read, write, mknod;
};

/* A property of a systemd unit. Rows of one name whose type is an array are one array. */
struct plan_property {
	const char *name;
	const char *type;   /* as D-Bus writes it: "b", "i", "t", "s", "as", "ay", "a(ss)" */
	const char *value;  /* numbers in decimal, true as 1, bytes in hexadecimal; of an array one
			     * element; of a pair "FIRST SECOND" */
	unsigned int since; /* the systemd that knows it; 0: all of them */
};

/* The scope that systemd makes, with its cgroup, where it is the cgroup manager. */
struct plan_scope {
	const char *unit;  /* "docker-ID.scope"; NULL: cgroupfs is the manager */
	const char *slice; /* "system.slice" */
	bool user;	   /* of the user's own systemd */
	size_t n_properties;
	const struct plan_property *properties; /* from annotations; limits come from values */
};

struct plan_cgroup {
	bool disabled;	     /* --cgroup-manager=disabled, or nothing to use and no limit */
	bool delegated;	     /* not the host's root: cgroup_settle() says what of it can be used */
	bool named;	     /* by cgroupsPath */
	const char *unified; /* where v2 is mounted, if the host has v2 alone; else NULL */
	struct plan_scope scope;
	size_t n; /* v1: one per hierarchy; hybrid: those and "unified"; v2: one */
	struct plan_hierarchy v[PLAN_HIERARCHIES];
	size_t n_values; /* in the order in which they must be written */
	const struct plan_cgroup_value *values;
	bool set_devices; /* apply the rules: not inside a user namespace */
	size_t n_rules;
	const struct plan_device_rule *rules;
};

/* --- all of it -------------------------------------------------------------------------- */

struct plan {
	const char *id;
	const char *bundle; /* absolute */
	const char *oci_version;
	struct plan_namespaces ns;
	struct plan_root root;
	size_t n_mounts;
	const struct plan_mount *mounts;
	bool bind_nodes; /* mknod(2) will not do: nodes are clones of the host's, by path */
	size_t n_nodes;
	const struct plan_node *nodes;
	size_t n_links;
	const struct plan_link *links;
	size_t n_masked;
	const char *const *masked;
	size_t n_readonly;
	const char *const *readonly;
	size_t n_sysctls;
	const struct plan_sysctl *sysctls;
	const char *hostname, *domainname; /* NULL: not set */
	const char *mount_label;	   /* NULL: none */
	const char *mount_label_kind;	   /* the option that takes it: "context", ... */
	struct plan_process process;
	const struct filter *filter;		       /* NULL: no filter */
	const char *listener_path, *listener_metadata; /* for SCMP_ACT_NOTIFY */
	struct plan_hooks hooks[HOOK_KINDS];
	struct plan_cgroup cgroup;
	/* session keyring to make; create adds to its name. NULL: leave the caller's */
	const char *keyring;
	unsigned int preserve_fds; /* descriptors 3 .. 3+n-1 go to the program */
	bool sdnotify;		   /* one of the mounts gets a socket that the runtime listens on */
	char *listen_pid;	   /* of process.envp; init fills it in, NULL: not there */
	const struct config *config; /* for what only hooks and state output want (annotations) */
};

/* What the command line adds to the config. */
struct plan_options {
	const char *id;
	const char *bundle;	    /* absolute */
	const char *cgroup_manager; /* NULL or "cgroupfs"; "disabled"; "systemd" */
	bool no_new_keyring;
	unsigned int preserve_fds;
	unsigned int listen_fds;     /* from 3 on, before those: LISTEN_FDS */
	const char *listen_names;    /* LISTEN_FDNAMES, or NULL */
	bool sdnotify;		     /* the program gets a NOTIFY_SOCKET */
	bool detached;		     /* a terminal then needs a console socket */
	const char *console_socket;  /* NULL: none */
	bool compat_runc;	     /* --seccomp-compat=runc */
	const struct filter *filter; /* --seccomp=...: replaces linux.seccomp */
	bool unconfined;	     /* --seccomp=unconfined: linux.seccomp is not used */
	const struct strings *allowed_annotations; /* --allow-annotation; NULL: none */
};

/* Decides everything. Touches nothing. Reporting: the place, what was found and expected. */
must_check int plan_make(const struct config *config, const struct host *host,
			 const struct plan_options *options, struct plan *ret);
/* Whether the container's process lives in somebody else's PID namespace. */
bool plan_ns_joins_pid(const struct plan *plan);
/* Whether mounts[i] is a procfs that has to show that namespace (process/procns.h). */
bool plan_ns_is_shown(const struct plan *plan, size_t i);
/* Whether the container has hooks of any kind. */
bool plan_hooks_exist(const struct plan *plan);
/* The hooks alone, for later commands (poststart, poststop), which have no plan. Reporting. */
must_check int plan_hooks_make(const struct config *config, struct plan_hooks ret[HOOK_KINDS]);
/* process.json of `exec`, or config.process: `in_userns` says whether the process lives in a
 * user namespace of the container. Reporting. */
must_check int plan_process_make(const struct process_spec *spec, const struct host *host,
				 const struct plan_options *options, bool in_userns,
				 struct plan_process *ret);
/* What every process of a container has of the container, init and exec's: linux.personality,
 * whose groups. */
void plan_process_make_common(const struct config *config, struct plan_process *ret);
/* linux.resources, as the container's ociVersion means it, as values and device rules of ret,
 * whose other members stay: for `update` too. Reporting. */
must_check int plan_resources_make(const struct resources_spec *spec, const char *oci_version,
				   const struct host *host, struct plan_cgroup *ret);
/* Puts the program's own pid into LISTEN_PID of its environment, if that is there. */
void plan_systemd_listen_pid(const struct plan *plan, pid_t pid);

#endif
