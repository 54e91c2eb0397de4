/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroups (v1, hybrid and v2) as directories. If systemd manages them,
 * cgroup/scope.h makes and removes them.
 *
 * The functions work on struct cgroup: the place of the container's leaf in each hierarchy. It is
 * saved in the record, so a later command (kill, delete) needs nothing else. Every path below a
 * mount point is opened with RESOLVE_BENEATH, NO_SYMLINKS and NO_XDEV.
 *
 * A name proves nothing: after the container has ended, its path may belong to another. So a leaf
 * of ours is identified by its inode, which the kernel gives to no other cgroup of the hierarchy
 * (on v2 it is the cgroup's id). A cgroup with the same name and another inode counts as absent.
 *
 * The record must be saved between cgroup_make() and the first process that joins, because only
 * directories marked `made` are ever killed, frozen or waited for. What a create left that was
 * killed in cgroup_make() is empty, and is identified by its claim (cgroup/claim.h).
 *
 *     struct cgroup cgroup;
 *
 *     cgroup_planned(&plan->cgroup, &cgroup);      intent record
 *     r = cgroup_make(&plan->cgroup, &cgroup);     then save the record again
 *     r = cgroup_join_open(&cgroup, ...);          then clone the first process
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include "base/base.h"
#include "base/io.h"
#include "plan/cgroup_dir.h"
#include "plan/plan.h"

/* The container and the create that a cgroup belongs to. */
struct cgroup_owner {
	/* identity of the state directory (statedir_identity()); NULL: no owner */
	const char *state;
	/* id of the container; this and the next members are for cgroup_make() */
	const char *id;
	pid_t pid;	/* process that runs the create */
	uint64_t start; /* its start time */
	/*
	 * Whether the create that a claim names is still at work on the cgroup of that path. It
	 * must decide by evidence that no container can forge. NULL: none is.
	 */
	bool (*is_at_work)(const struct cgroup_owner *claim, const char *path);
};

/* The process that keeps a new scope alive until the container's process is inside. */
struct scope_keeper {
	int sock, pidfd; /* -1: none */
};

#define SCOPE_KEEPER_NONE     \
	(struct scope_keeper) \
	{                     \
		-1, -1        \
	}

struct cgroup {
	size_t n;
	struct cgroup_dir v[PLAN_HIERARCHIES];
	struct cgroup_scope scope;
	struct cgroup_owner owner;
};

/*
 * Sets *ret to the leaves and the scope that the plan names, without mark and owner, and with
 * `made` unset: for the intent record, before anything exists.
 */
void cgroup_planned(const struct plan_cgroup *plan, struct cgroup *ret);
/*
 * Records the inodes of leaves that exist already, so that a create that ends early does not remove
 * them.
 */
void cgroup_note_present(struct cgroup *cgroup);
/* Whether one of our leaves exists, or this cannot be determined. Silent. */
bool cgroup_exists(const struct cgroup *cgroup);
/* The value of pids.max, and a higher one that it is set to for a short time. */
struct cgroup_room {
	uint32_t limit, raised; /* 0: not raised */
};

#endif
