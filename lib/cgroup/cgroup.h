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
/*
 * Of a plan for one who is not the host's root: leaves out the hierarchies in which no cgroup
 * may be made and for which no limit is asked; with none left, `disabled` is set. Makes
 * nothing. Reporting: a limit, or a cgroupsPath, that cannot be had.
 */
must_check int cgroup_settle(struct plan_cgroup *plan);
/*
 * Makes the leaves and their missing parents, sets cpuset defaults (v1) and enables
 * controllers (v2), writes every limit and the device rules: all before any task is inside.
 * cgroup is what cgroup_planned() or scope_start() left, with its owner. A leaf that exists and
 * has tasks, or is frozen, or is being used by another create, is refused; one in which somebody
 * has been, or that has a claim, is made anew; any other is taken over. `made` and the inode are
 * set for all of them. Reporting; on failure what was made is removed again.
 */
must_check int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup);
/*
 * Writes the plan's values, and its device rules if set_devices, to leaves that exist and may
 * have tasks (`update`), and to the scope's properties if there is one. Reporting; the values that
 * were written before an error are written back.
 */
must_check int cgroup_update(const struct plan_cgroup *plan, const struct cgroup *cgroup);
/*
 * Descriptors by which a child puts itself in: v1: ret_tasks[i] is the leaf's `tasks` file,
 * to which the child writes "0" as its first act (cgroup.procs costs 15 ms after idle);
 * v2: ret_dir is the leaf, for CLONE_INTO_CGROUP; -1 where there is none. n tasks are set.
 * Reporting.
 */
must_check int cgroup_join_open(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES],
				size_t *ret_n, int *ret_dir);
/* Whether one of our leaves is there, or that cannot be told. Silent. */
bool cgroup_exists(const struct cgroup *cgroup);
/* What pids.max says, and what it is to say for a while. */
struct cgroup_room {
	uint32_t limit, raised; /* raised 0: it is left as it is */
};
/* Whether pids.max lets n processes more in whether or not somebody has raised it at the moment, or
 * cannot be known; false: only who holds the container's lock can tell. Silent. */
bool cgroup_room_is_for(const struct cgroup *cgroup, unsigned int n);
/* How pids.max has to be raised so that n processes more can be born inside, where that exceeds the
 * limit by a few at most; else not at all. Silent. */
struct cgroup_room cgroup_room_wanted(const struct cgroup *cgroup, unsigned int n);
/*
 * Raises it; whoever does that holds the container's lock until cgroup_room_close() has set it
 * again. Opening never fails: where there is no room, the kernel says so. Closing is reporting;
 * where pids.max says something else by now, or is gone, nothing is done.
 */
void cgroup_room_open(const struct cgroup *cgroup, const struct cgroup_room *room);
must_check int cgroup_room_close(const struct cgroup *cgroup, const struct cgroup_room *room);
/* Every process in the leaves and below, once each, ascending; arena. Reporting. */
must_check int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n);
/* Sends sig to every process in the leaves and below. SIGKILL: cgroup.kill on v2; freeze,
 * kill, thaw on v1, also what the container froze below, so that nothing forks away and nothing
 * stays. Absent cgroups are no error. Reporting. */
must_check int cgroup_kill(const struct cgroup *cgroup, int sig);
/* Whether those inside may be frozen by the freezer of v1, which keeps SIGKILL from them. */
bool cgroup_freeze_has_v1(const struct cgroup *cgroup);
/* Freezes or thaws and waits for it, at most timeout_ms; a freeze that does not come about is
 * taken back. By the v1 freezer where it is mounted, else by v2. Reporting. */
must_check int cgroup_freeze(const struct cgroup *cgroup, bool frozen, int timeout_ms);
/* The content of a file of the leaf that has this v1 controller, else of the v2 leaf, without
 * the newline at its end; arena. -ENOENT if there is none, or its name is NULL. Silent. */
must_check int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *v1_file,
			   const char *v2_file, struct text *ret);
/* 1 if frozen (or about to be), 0 if not or there is no such cgroup, -errno. Silent. */
must_check int cgroup_freeze_is_frozen(const struct cgroup *cgroup);
/*
 * How many processes of the container the kernel killed for want of memory (oom_kill of
 * memory.events or memory.oom_control), so that a message about a dead init can say so; 0 if
 * that cannot be known. Never fails.
 */
int64_t cgroup_oom_kills(const struct cgroup *cgroup);
/*
 * Kills what is left inside and removes the leaves, those below first; waits for processes to
 * go (by pidfds) until timeout_ms have passed in which nothing could be removed, then says which
 * pid is still there, in what state, where. Absent is done. Parents stay. A leaf that is not `made`
 * is ours if it has our claim; one without any claim that was not there before is removed if it
 * is empty. Reporting.
 */
must_check int cgroup_remove(const struct cgroup *cgroup, int timeout_ms);

#endif
