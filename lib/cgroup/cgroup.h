/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's cgroups, by cgroupfs, v1, hybrid and v2. Works on `struct cgroup`: where
 * the container's leaf is in each hierarchy, as saved in the record, so that a later process
 * (kill, delete) needs nothing else. Every path below a mount point is opened with
 * RESOLVE_BENEATH | NO_SYMLINKS | NO_XDEV.
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include "base/base.h"
#include "plan/plan.h"

struct cgroup_dir {
	const char *name; /* "memory", "unified" */
	const char *mountpoint, *path;
	bool v2;
	bool made; /* by us: remove it */
};

struct cgroup {
	size_t n;
	struct cgroup_dir v[PLAN_HIERARCHIES];
};

/* The leaves that the plan names, `made` unset: for the intent record, before anything is. */
void cgroup_planned(const struct plan_cgroup *plan, struct cgroup *ret);
/*
 * Makes the leaves and their missing parents, sets cpuset defaults (v1) and enables
 * controllers (v2), writes every limit and the device rules: all before any task is inside.
 * A leaf that exists and has tasks, or is frozen, is refused. `made` is set for what it made.
 * Reporting; on failure what was made is removed again.
 */
must_check int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup);
/*
 * Descriptors by which a child puts itself in: v1: ret_tasks[i] is the leaf's `tasks` file,
 * to which the child writes "0" as its first act (cgroup.procs costs 15 ms after idle);
 * v2: ret_dir is the leaf, for CLONE_INTO_CGROUP; -1 where there is none. n tasks are set.
 * Reporting.
 */
must_check int cgroup_open_join(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES],
				size_t *ret_n, int *ret_dir);
/* Child's side: "0" into each of the n descriptors. Silent. */
must_check int cgroup_join(const int *tasks, size_t n);
/* Every process in the leaves and below, once each; arena. Reporting. */
must_check int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n);
/* Sends sig to every process in the leaves and below. SIGKILL: cgroup.kill on v2; freeze,
 * kill, thaw on v1. Absent cgroups are no error. Reporting. */
must_check int cgroup_kill(const struct cgroup *cgroup, int sig);
/* Freezes or thaws and waits for it, at most timeout_ms. Reporting. */
must_check int cgroup_freeze(const struct cgroup *cgroup, bool frozen, int timeout_ms);
/* 1 if frozen, 0 if not or there is no such cgroup, -errno. Silent. */
must_check int cgroup_is_frozen(const struct cgroup *cgroup);
/*
 * Kills what is left inside and removes the leaves, those below first; waits for processes to
 * go (cgroup.events; on v1 by rmdir's EBUSY) up to timeout_ms, then says which pid is still
 * there and in what state. Absent is done. Parents stay. Reporting.
 */
must_check int cgroup_remove(const struct cgroup *cgroup, int timeout_ms);

#endif
