/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What later commands need to know of a container: the file <root>/<id>/record.
 *
 * It is first written as an intent, before any resource is made, with the planned cgroups, and
 * again when the container is created. The previous version is kept as record.old, so that a
 * damaged record does not make a container unreachable. Example:
 *
 *     struct record record;
 *     struct cgroup cgroup;
 *
 *     if (record_read(dir, id, &record) == 0) {
 *             record_cgroup(&record, &cgroup);
 *             r = cgroup_kill(&cgroup, SIGKILL);
 *     }
 */
#ifndef RUNTIME_RECORD_H
#define RUNTIME_RECORD_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "oci/decode.h"

struct record {
	const struct json *at;
	uint32_t version;
	const char *id;
	bool created; /* false: an intent */
	const char *oci_version, *bundle, *rootfs;
	const char *created_at; /* RFC 3339 */
	uint32_t owner;		/* user id */
	const char *boot_id;
	int64_t creator_pid; /* process of the create */
	uint64_t creator_start;
	int64_t pid; /* init, in the PID namespace of create; 0: not made yet */
	uint64_t start_time;
	/* CLONE_NEW* flags of namespaces, made or joined, that differ from the host's */
	uint64_t namespaces;
	/* PID namespace made for it: the end of init ends all other processes */
	bool own_pid_namespace;
	bool terminal;	 /* process.terminal */
	bool user_notif; /* the filter uses SCMP_ACT_NOTIFY */
	const char *listener_path, *listener_metadata;
	uint32_t filter_len;   /* length of filter.bpf in instructions; 0: there is no filter */
	uint32_t filter_flags; /* flags for seccomp(2) */
	/* tamis-agent, which explains denials; 0: there is none */
	int64_t agent_pid;
	uint64_t agent_start;
	const char *denials_log; /* absolute path of the log; NULL: in the state directory */
	/* tamis-record, which records its system calls; 0: there is none */
	int64_t recorder_pid;
	uint64_t recorder_start;
	const char *keyring; /* name of the session keyring, which exec joins; NULL: none */
	/* the caller allowed it: `exec` keeps the groups of its caller, too */
	bool keep_groups;
	const char *program; /* argv[0], for messages */
	bool hooks_ran;	     /* prestart or later hooks were run, so poststop hooks must run */
	bool start_hooks, poststart, poststop; /* the config has such hooks */
	struct {
		size_t n;
		struct cgroup_dir *v;
	} cgroups;
	/*
	 * Later commands learn from the record whether there is a scope, not from an option:
	 * containerd's last `delete --force` comes without it.
	 */
	struct cgroup_scope scope;
	/* of the command that has the lock, or was killed with it: see runtime/room.h */
	struct cgroup_room room;
	struct pairs annotations;
};

/*
 * Converts the cgroups in the record for lib/cgroup. There are none if the record is of an earlier
 * boot.
 */
void record_cgroup(const struct record *record, struct cgroup *ret);
/* Stores the cgroups in the record. In the arena. */
void record_set_cgroup(struct record *record, const struct cgroup *cgroup);
/* Whether dir has a record, readable or not. */
bool record_exists(int dir);
/*
 * Reads the record of container id. Returns 0, or RECORD_OLD if only the previous version could be
 * read, which may be incomplete. A record that names another container (a copied record, a renamed
 * directory) counts as unreadable. Returns -ENOENT if there is none of both, -EBADMSG if none can
 * be read. Silent.
 */
enum { RECORD_OLD = 1 };
must_check int record_read(int dir, const char *id, struct record *ret);
/* Writes the record; the existing one becomes record.old. Reporting. */
must_check int record_write(int dir, const struct record *record);

#endif
