/* SPDX-License-Identifier: Apache-2.0 */
/* Removes the cgroups of a container. */
#ifndef CGROUP_REMOVE_H
#define CGROUP_REMOVE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Kills what is left inside and removes the leaves, those below first; waits for processes to
 * go (by pidfds) until timeout_ms have passed in which nothing could be removed, then says which
 * pid is still there, in what state, where. Absent is done. Parents stay. A leaf that is not `made`
 * is ours if it has our claim; one without any claim that was not there before is removed if it
 * is empty. Reporting.
 */
must_check int cgroup_remove(const struct cgroup *cgroup, int timeout_ms);

/* Removes our leaf and what is below it, all empty. 0: gone, or not ours any more; -EBUSY:
 * somebody is inside. Silent. */
must_check int cgroup_remove_empty_leaf(const struct cgroup_dir *dir);

#endif
