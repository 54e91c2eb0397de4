/* SPDX-License-Identifier: Apache-2.0 */
/* Opens what a process needs to join the cgroups of a container. */
#ifndef CGROUP_JOIN_H
#define CGROUP_JOIN_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Opens the descriptors by which a child joins. v1: ret_tasks[i] is the `tasks` file of a leaf, to
 * which the child writes "0" as one of its first acts (writing to cgroup.procs takes 15 ms after an
 * idle period). v2: *ret_dir is the leaf, for CLONE_INTO_CGROUP, or -1. *ret_n is the number of
 * ret_tasks. Reporting.
 */
must_check int cgroup_join_open(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES],
				size_t *ret_n, int *ret_dir);

#endif
