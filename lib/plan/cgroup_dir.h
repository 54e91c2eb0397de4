/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cgroup in one hierarchy (cgroups(7)): the type for it from the facts about the host to the
 * record. The host's facts have the cgroup of the runtime itself; plan_make() takes them over with
 * the path of the container's leaf; cgroup_make() makes the leaf and sets its inode; the record
 * saves the result. For example:
 *
 *	host	{ "memory", "/sys/fs/cgroup/memory", "/user.slice" }
 *	plan	{ "memory", "/sys/fs/cgroup/memory", "/docker/0123" }
 *	record	{ "memory", "/sys/fs/cgroup/memory", "/docker/0123", .made = true, .inode = 77 }
 */
#ifndef PLAN_CGROUP_DIR_H
#define PLAN_CGROUP_DIR_H

#include "base/base.h"

#include <string.h>
#include <sys/types.h>

struct json;

enum { PLAN_HIERARCHIES = 16 }; /* of one host, at most */

struct cgroup_dir {
	const struct json *at; /* where the record has it; NULL: it was not read from a record */
	const char *name; /* v1: the controllers, "cpu,cpuacct" or "name=systemd"; v2: "unified" */
	const char *mountpoint; /* absolute, on the host */
	const char *path;	/* below the root of the hierarchy, "/docker/ID"; cleaned */
	bool v2;
	/*
	 * ours: made by this container, or found empty and taken over. All processes inside are
	 * ours.
	 */
	bool made;
	/* inode of the leaf; if it is not `made`: of the leaf that existed before, or 0 */
	uint64_t inode;
	const char *below; /* path below the leaf of the cgroup to be joined; NULL: the leaf */
};

/* The systemd unit of the cgroup, if systemd is the cgroup manager. */
struct cgroup_scope {
	const struct json *at; /* as in struct cgroup_dir */
	const char *unit;      /* for example "docker-ID.scope"; NULL: there is none */
	bool user;	       /* of the user's systemd instance */
	/* the unit's description, which distinguishes it from others of the same name */
	const char *mark;
	pid_t keeper; /* pid of the process that may be inside a new scope, see scope_start() */
};

/* The name of the directory that the hierarchy is mounted at: "systemd", "cpu,cpuacct". */
static inline const char *cgroup_dir_mounted_as(const struct cgroup_dir *dir)
{
	const char *slash = strrchr(dir->mountpoint, '/');

	return slash ? slash + 1 : dir->mountpoint;
}

#endif
