/* SPDX-License-Identifier: Apache-2.0 */
/* Removes the cgroups of a container. */
#ifndef CGROUP_REMOVE_H
#define CGROUP_REMOVE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Kills the processes that are left and removes the leaves and the cgroups below them. Waits for
 * processes by pidfds. If nothing could be removed for timeout_ms, fails with the pid, the state
 * and the place of a process that is left. An absent cgroup is not an error. Parents are kept. A
 * leaf that is not `made` is ours if it has our claim. A leaf without any claim that did not exist
 * before is removed if it is empty. Reporting.
 */
must_check int cgroup_remove(const struct cgroup *cgroup, int timeout_ms);

/*
 * Removes our leaf and the cgroups below it if all are empty. Returns 0 if it is gone or no longer
 * ours, -EBUSY if a process is inside. Silent.
 */
must_check int cgroup_remove_empty_leaf(const struct cgroup_dir *dir);

#endif
