/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: everything that will be done, as numbers, masks and words. It contains no descriptor
 * and making it has no side effect. plan_make() makes it from the config, the host's facts and the
 * options, plan_exec_make() that of a process of `exec`; afterwards it is constant. lib/fs,
 * lib/process and lib/cgroup read it and parse nothing. Members named `place` say where a setting
 * is in config.json ("mounts[3]"), for messages. Example:
 *
 *     const struct plan *plan;
 *
 *     r = plan_make(&config, &host, &options, &plan);
 *     for (size_t i = 0; r == 0 && i < plan->n_mounts; i++)
 *             print(plan->mounts[i].place, plan->mounts[i].destination);
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/base.h"
#include "base/names.h"
#include "oci/words.h"
#include "plan/cgroup_dir.h"

#include <sys/types.h>

struct config;
struct filter;
struct host;
struct process_spec;
struct resources_spec;
struct strings;

/* --- namespaces ------------------------------------------------------------------------- */

struct plan_join {
	uint64_t flag;	  /* one CLONE_NEW*: the type that the file must have (NS_GET_NSTYPE) */
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

/* How the id maps of a new user namespace are written (user_namespaces(7)). */
enum plan_map_way {
	PLAN_MAP_WRITE, /* directly, with privilege over the ids */
	/* directly, only the caller's own id; for gids with setgroups(2) denied */
	PLAN_MAP_OWN,
	PLAN_MAP_NEWIDMAP, /* by newuidmap(1), newgidmap(1) */
};

struct plan_time_offset {
	const char *clock; /* "monotonic" or "boottime", as in timens_offsets */
	int64_t secs;
	uint32_t nanosecs;
};

struct plan_namespaces {
	uint64_t made;	 /* CLONE_NEW* to make; NEWCGROUP and NEWTIME by a later unshare(2) */
	uint64_t joined; /* CLONE_NEW* to be joined by path; disjoint from made */
	size_t n_joins;	 /* in the order in which the rights suffice, see order_joins() */
	const struct plan_join *joins;
	struct plan_id_maps uid_maps, gid_maps; /* for a new user namespace */
	enum plan_map_way uid_way, gid_way;
	size_t n_offsets; /* for a new time namespace */
	const struct plan_time_offset *offsets;
};

/* --- the file system -------------------------------------------------------------------- */

enum plan_mount_kind {
	PLAN_MOUNT_FS,	 /* a new superblock: fsopen(fstype) */
	PLAN_MOUNT_BIND, /* a clone of `source` */
	/* the container's own cgroups: v1 hierarchies below a tmpfs, or cgroup2 */
	PLAN_MOUNT_CGROUP,
};

struct plan_option {
	const char *key;
	const char *value; /* NULL: a flag */
};

/* One propagation option, applied after those before it. */
struct plan_propagation {
	uint64_t type; /* MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE */
	bool recursive;
};

enum plan_idmap { PLAN_IDMAP_NONE, PLAN_IDMAP_TOP, PLAN_IDMAP_RECURSIVE };

struct plan_mount {
	enum plan_mount_kind kind;
	const char *place;
	const char *destination; /* absolute, cleaned; the kernel resolves it below the root */
	const char *source;	 /* bind: absolute host path; fs: fsconfig "source" or NULL */
	const char *fstype;	 /* PLAN_MOUNT_FS only */
	bool recursive;		 /* rbind */
	bool copy_up;		 /* tmpcopyup: copy what the image has at the destination */
	bool strict_target;	 /* proc, sysfs: the destination must contain no symbolic link */
	bool proc_source;	 /* bind on /proc: the source must be the root of a procfs */
	bool sdnotify;		 /* gets the notify socket before it is attached */
	bool optional;		 /* reserved for engines; a missing source is no error */
	bool copy_link;		 /* bind: if the source is a symbolic link, make the link */
	uint64_t attr_set, attr_clear; /* MOUNT_ATTR_* of the topmost mount, applied before: */
	uint64_t rec_set, rec_clear;   /* MOUNT_ATTR_* of the whole tree (ro -> rro, ...) */
	/*
	 * bind: the part of attr_clear that options such as "exec" ask for; it is an error if such
	 * a flag is locked, while others may stay. Also MOUNT_ATTR_NOATIME and _STRICTATIME, which
	 * are cleared if the source has them.
	 */
	uint64_t attr_undo;
	size_t n_propagations;
	const struct plan_propagation *propagations;
	enum plan_idmap idmap;
	struct plan_id_maps uid_maps, gid_maps; /* n 0: those of the user namespace */
	size_t n_options; /* superblock options in order, including "ro" as a superblock flag */
	const struct plan_option *options;
};

struct plan_node { /* a device node to make below the root */
	const char *place;
	const char *path;
	mode_t mode; /* type and permissions, as for mknod(2) */
	uint32_t major, minor;
	uid_t uid; /* as seen in the container */
	gid_t gid;
	bool standard; /* /dev/null and the like: an existing equal node is accepted */
};

struct plan_link {
	const char *path, *target;
};

struct plan_root {
	const char *path; /* absolute host path of the root file system */
	bool readonly;
	uint64_t propagation; /* final propagation of "/", MS_*; 0: private */
	bool propagation_recursive;
};

struct plan_sysctl {
	const char *key;  /* as written */
	const char *path; /* below /proc/sys, relative */
	const char *value;
	uint64_t ns; /* CLONE_NEW*: the namespace to which it belongs */
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

/* A set of CPUs for sched_setaffinity(2), with the largest size of the kernel. */
struct plan_cpus {
	unsigned long v[8192 / (8 * sizeof(unsigned long))];
};

struct plan_process {
	const char *program; /* file to execute; NULL: argv[0] */
	char *const *argv;
	char *const *envp;
	const char *path_env; /* PATH in envp, to look up argv[0]; "" if unset */
	const char *cwd;
	uid_t uid;
	gid_t gid;
	size_t n_groups;
	const gid_t *groups;
	bool keep_groups; /* keep the groups of the caller; `groups` are not set */
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
	bool add_home; /* HOME is missing in envp: look up uid in the image's /etc/passwd */
	bool set_personality;
	uint32_t personality; /* PER_* */
	/*
	 * For exec only: affinity until the process is in the container's cgroup, and afterwards.
	 * NULL: that of the caller, and all that the cgroup permits.
	 */
	const struct plan_cpus *affinity_initial, *affinity_final;
};

/* --- hooks ------------------------------------------------------------------------------ */

struct plan_hook {
	const char *place; /* "hooks.prestart[0]" */
	const char *path;
	char *const *argv;
	char *const *envp;    /* exactly what the hook gets; NULL: see struct hook_context */
	unsigned int timeout; /* seconds; 0: none */
};

struct plan_hooks {
	size_t n;
	const struct plan_hook *v;
};

/* --- cgroups ---------------------------------------------------------------------------- */

struct plan_cgroup_value {
	const char *place; /* "linux.resources.memory.limit" */
	/* v1: for example "memory"; v2: the controller that must be enabled, or NULL */
	const char *controller;
	const char *file;
	const char *value;
	const char *else_file, *else_value; /* written if the kernel has no `file`; NULL: none */
	bool optional; /* no error if the kernel has no such file (swap accounting) */
};

struct plan_device_rule {
	bool allow;
	char type;	      /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: any */
	bool read, write, mknod;
};

/* A property of a systemd unit. Rows with the same name and an array type form one array. */
struct plan_property {
	const char *name;
	const char *type; /* D-Bus signature: "b", "i", "t", "s", "as", "ay", "a(ss)" */
	/*
	 * decimal number, 1 for true, bytes in hexadecimal; for an array one element; for a pair
	 * "FIRST SECOND"
	 */
	const char *value;
	unsigned int since; /* first version of systemd that has it; 0: all */
};

struct plan_cgroup {
	bool disabled;	     /* --cgroup-manager=disabled, or no usable hierarchy and no limit */
	bool delegated;	     /* not root on the host: cgroup_settle() determines what can be used */
	bool named;	     /* cgroupsPath is given */
	const char *unified; /* mount point of v2 if the host has v2 only; else NULL */
	struct cgroup_scope scope; /* unit and user; its mark is set when it is made */
	const char *slice;	   /* of the scope, "system.slice" */
	size_t n_properties;
	const struct plan_property *properties; /* from annotations; limits come from `values` */
	size_t n; /* v1: one per hierarchy; hybrid: those and "unified"; v2: one */
	struct cgroup_dir v[PLAN_HIERARCHIES]; /* the leaves; `made` is unset */
	size_t n_values;		       /* in the order of writing */
	const struct plan_cgroup_value *values;
	bool set_devices; /* apply the rules; false inside a user namespace */
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
	bool bind_nodes; /* mknod(2) is not possible: nodes are clones of the host's */
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
	const char *mount_label_kind;	   /* mount option for it: "context", ... */
	struct plan_process process;
	const struct filter *filter; /* NULL: no filter */
	/* if denials are explained, that of the profile; `filter` notifies then; else NULL */
	const struct filter *profile;
	const char *listener_path, *listener_metadata; /* for SCMP_ACT_NOTIFY */
	struct plan_hooks hooks[HOOK_KINDS];
	struct plan_cgroup cgroup;
	/* session keyring that init makes and a process of exec joins; NULL: keep the caller's */
	const char *keyring;
	unsigned int preserve_fds; /* descriptors 3 to 3+n-1 are inherited by the program */
	bool sdnotify;		   /* one of the mounts gets a notify socket */
	char *listen_pid;	   /* string in process.envp that init fills in; NULL: none */
	/* for hooks and the State document, which need the annotations */
	const struct config *config;
};

/* What the command line adds to the config. */
struct plan_options {
	const char *id;
	const char *bundle;	    /* absolute */
	const char *cgroup_manager; /* NULL or "cgroupfs"; "disabled"; "systemd" */
	const char *keyring;	    /* name of the session keyring; NULL: the caller's is left */
	unsigned int preserve_fds;
	/* number of sockets from descriptor 3 on (LISTEN_FDS), before the preserved ones */
	unsigned int listen_fds;
	const char *listen_names;    /* LISTEN_FDNAMES, or NULL */
	bool sdnotify;		     /* the program gets a NOTIFY_SOCKET */
	bool detached;		     /* a terminal then requires a console socket */
	const char *console_socket;  /* NULL: none */
	bool compat_runc;	     /* --seccomp-compat=runc */
	const struct filter *filter; /* --seccomp=...: replaces linux.seccomp */
	bool unconfined;	     /* --seccomp=unconfined: linux.seccomp is ignored */
	const char *agent;	     /* socket of the agent that explains denials; NULL: none */
	const struct strings *allowed_annotations; /* --allow-annotation; NULL: none */
	/* cgroup_settle(): removes the cgroups that the caller cannot use. NULL: keep all */
	int (*settle)(struct plan_cgroup *cgroup);
};

/* What a process of `exec` gets of its container, beside plan_options. */
struct plan_exec {
	const struct config *config;	    /* the container's */
	const struct process_spec *process; /* as plan_process_make() */
	uint64_t namespaces;		    /* CLONE_NEW*: those that differ from the host's */
	bool keep_groups;		    /* as in plan_process */
	size_t n_cgroups;
	const struct cgroup_dir *cgroups;
	const struct plan_hook *hook; /* what runs, as the container's process; NULL: the process */
};

/*
 * Makes the plan, without side effects. Errors say the place, what was found and what was expected.
 * Reporting.
 */
must_check int plan_make(const struct config *config, const struct host *host,
			 const struct plan_options *options, const struct plan **ret);
/*
 * Makes the plan of a process of `exec`, without side effects: process, namespaces, cgroups, filter
 * and keyring. Reporting.
 */
must_check int plan_exec_make(const struct plan_exec *in, const struct host *host,
			      const struct plan_options *options, const struct plan **ret);
/* Whether the container joins an existing PID namespace. */
bool plan_ns_joins_pid(const struct plan *plan);
/* Whether mounts[i] is a procfs that must show that namespace (process/procns.h). */
bool plan_ns_is_shown(const struct plan *plan, size_t i);
/* Whether the container has hooks of any kind. */
bool plan_hooks_exist(const struct plan *plan);
/* Makes the hooks alone, for later commands (poststart, poststop) that have no plan. Reporting. */
must_check int plan_hooks_make(const struct config *config, struct plan_hooks ret[HOOK_KINDS]);
/*
 * Makes the process from process.json of `exec` or from config.process. in_userns: the process is
 * in a user namespace of the container. Reporting.
 */
must_check int plan_process_make(const struct process_spec *spec, const struct host *host,
				 const struct plan_options *options, bool in_userns,
				 struct plan_process *ret);
/* Sets what init and the processes of exec have in common: linux.personality. */
void plan_process_make_common(const struct config *config, struct plan_process *ret);
/*
 * Converts linux.resources, as the container's ociVersion defines it, to values and device rules of
 * ret, whose other members are kept. Also for `update`. Reporting.
 */
must_check int plan_resources_make(const struct resources_spec *spec, const char *oci_version,
				   const struct host *host, struct plan_cgroup *ret);
/* Values of plan_options.cgroup_manager. */
extern const struct name plan_cgroup_managers[];
/* Writes the program's own pid to LISTEN_PID of its environment, if that is present. */
void plan_systemd_listen_pid(const struct plan *plan, pid_t pid);

#endif
