/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroups, v1, hybrid and v2, as files; cgroup/scope.h is what precedes and
 * follows where systemd manages them. Works on `struct cgroup`: where
 * the container's leaf is in each hierarchy, as saved in the record, so that a later process
 * (kill, delete) needs nothing else. Every path below a mount point is opened with
 * RESOLVE_BENEATH | NO_SYMLINKS | NO_XDEV.
 *
 * A name proves nothing: once our container has ended, its path may be another's. So a leaf that
 * is ours is known by its inode, which the kernel gives to no other cgroup of the hierarchy (on v2
 * it is the cgroup's id); what has the name and another inode is as good as absent. The record
 * must be saved between cgroup_make() and the first process that joins: only what is marked `made`
 * is ever killed, frozen or waited for. What a creator that died in cgroup_make() left is empty,
 * and is known by its claim (cgroup/claim.h).
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include "base/base.h"
#include "base/io.h"
#include "plan/plan.h"

struct cgroup_dir {
	const char *name; /* v1: its controllers, "cpu,cpuacct", "name=systemd"; v2: "unified" */
	const char *mountpoint, *path;
	bool v2;
	bool made; /* ours: made by us, or found empty and taken over; what is inside is ours */
	uint64_t inode;	   /* of ours; if not made: of the one that was there before, or 0 */
	const char *below; /* to be joined: the path of a cgroup below the leaf; NULL: the leaf */
};

/* Whose cgroups they are. */
struct cgroup_owner {
	const char *state; /* which state directory, from statedir_identity(); NULL: nobody's */
	const char *id;	   /* the container; here and below: for cgroup_make() */
	pid_t pid;	   /* the create at work */
	uint64_t start;	   /* its start time */
	/* Whether the create that a claim names is at work on the cgroup of that path, by evidence
	 * that no container can forge; NULL: none ever is. */
	bool (*is_at_work)(const struct cgroup_owner *claim, const char *path);
};

/* The unit of systemd whose cgroup it is. */
struct cgroup_scope {
	const char *unit; /* "docker-ID.scope"; NULL: there is none */
	bool user;	  /* of the user's own systemd */
	const char *mark; /* its description, which tells it from others of that name */
	pid_t keeper;	  /* may be inside a new one, see scope_start() */
};

/* The process that holds a new scope until the container's own is inside. */
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

/* The leaves that the plan names, `made` unset, and its scope, without mark and owner: for the
 * intent record, before anything is. */
void cgroup_planned(const struct plan_cgroup *plan, struct cgroup *ret);
/* Notes the leaves that are there already: a create that dies early must not take them away. */
void cgroup_note_present(struct cgroup *cgroup);
/* Whether one of our leaves is there, or that cannot be told. Silent. */
bool cgroup_exists(const struct cgroup *cgroup);
/* What pids.max says, and what it is to say for a while. */
struct cgroup_room {
	uint32_t limit, raised; /* raised 0: it is left as it is */
};

#endif
