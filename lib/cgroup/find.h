/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a cgroup in the hierarchy of a controller. Silent. */
#ifndef CGROUP_FIND_H
#define CGROUP_FIND_H

#include "base/base.h"
#include "cgroup/cgroup.h"

#include <sys/types.h>

/*
 * The cgroup of a process, as /proc/PID/cgroup has it, in the hierarchy of v1 with that controller,
 * or if there is none in that of v2. Returns a descriptor of the directory, which the caller
 * closes; *ret is marked as made, with its inode, so that cgroup_pids() and others work on it.
 * -ENOENT: no such hierarchy is mounted, or the process is in the root of it. proc: a descriptor of
 * procfs. Silent.
 */
must_check int cgroup_find(int proc, pid_t pid, const char *controller, struct cgroup *ret);
/*
 * The same for the leaves of a container: in *ret is the one of them in that hierarchy. -ENOENT:
 * there is none, or it is not the container's alone. Silent.
 */
must_check int cgroup_find_leaf(const struct cgroup *cgroup, const char *controller,
				struct cgroup *ret);

#endif
