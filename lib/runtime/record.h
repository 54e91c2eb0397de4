/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a later command needs to know of a container, in <root>/<id>/record. Written first as
 * an intent, before any resource is made, with the cgroups that are planned; again when the
 * container is created. The version before is kept as record.old: a torn or damaged record
 * never orphans a container.
 */
#ifndef RUNTIME_RECORD_H
#define RUNTIME_RECORD_H

#include "base/base.h"
#include "oci/decode.h"

struct record_dir {
	const struct json *at;
	const char *name, *mountpoint, *path;
	bool v2, made;
	uint64_t inode; /* struct cgroup_dir: of ours, or of the one that was there before */
};

/* The unit of systemd, where that manages the cgroups: later commands ask here, never for an
 * option (containerd's last `delete --force` comes without it). */
struct record_scope {
	const struct json *at;
	const char *unit; /* NULL: there is none */
	bool user;
	const char *mark; /* its description: a unit without it is not ours */
};

struct record {
	const struct json *at;
	uint32_t version;
	const char *id;
	bool created; /* false: an intent */
	const char *oci_version, *bundle, *rootfs;
	const char *created_at; /* RFC 3339 */
	uint32_t owner;		/* user id */
	const char *boot_id;
	int64_t creator_pid; /* the create that is at work, or was */
	uint64_t creator_start;
	int64_t pid; /* init, in the pid namespace of create; 0: none yet */
	uint64_t start_time;
	uint64_t namespaces;	/* CLONE_NEW*, made or joined: those that differ from the host's */
	bool own_pid_namespace; /* a made one: init's death ends all others */
	bool terminal;		/* process.terminal */
	bool notify;		/* the filter has SCMP_ACT_NOTIFY */
	const char *listener_path, *listener_metadata;
	uint32_t filter_len;   /* of filter.bpf, in instructions; 0: there is no filter */
	uint32_t filter_flags; /* for seccomp(2) */
	const char *keyring;   /* name of the session keyring, which exec joins; NULL: none */
	bool keep_groups;      /* the caller allowed it: exec keeps its caller's groups, too */
	const char *program;   /* argv[0], for messages */
	bool hooks_ran;	       /* prestart or later hooks were run: poststop hooks are owed */
	bool start_hooks, poststart, poststop; /* the config has such hooks */
	struct {
		size_t n;
		struct record_dir *v;
	} cgroups;
	struct record_scope scope;
	/* struct cgroup_room: of the command that has the lock, or was killed with it: room.h */
	uint32_t pids_limit, pids_raised;
	struct pairs annotations;
};

struct cgroup;
/* The cgroups in the record as lib/cgroup takes them: none if it is of another boot. */
void record_cgroup(const struct record *record, struct cgroup *ret);
/* Puts them into the record. Arena. */
void record_set_cgroup(struct record *record, const struct cgroup *cgroup);
/* Whether dir holds a record, readable or not. */
bool record_exists(int dir);
/* Reads the record of container id, 0; if it cannot be read, the one before it: RECORD_OLD, which
 * may know less than is true by now. One that names another container (a copied record, a
 * directory that was renamed) counts as one that cannot be read. -ENOENT silently if there is
 * neither, -EBADMSG silently if neither can be understood. */
enum { RECORD_OLD = 1 };
must_check int record_read(int dir, const char *id, struct record *ret);
/* Writes it; the one that was there becomes record.old. Reporting. */
must_check int record_write(int dir, const struct record *record);

#endif
