/* SPDX-License-Identifier: Apache-2.0 */
/* How a process gets into the cgroups of a container. */
#ifndef CGROUP_JOIN_H
#define CGROUP_JOIN_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Descriptors by which a child puts itself in: v1: ret_tasks[i] is the leaf's `tasks` file,
 * to which the child writes "0" as its first act (cgroup.procs costs 15 ms after idle);
 * v2: ret_dir is the leaf, for CLONE_INTO_CGROUP; -1 where there is none. n tasks are set.
 * Reporting.
 */
must_check int cgroup_join_open(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES],
				size_t *ret_n, int *ret_dir);

#endif
