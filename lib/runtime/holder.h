/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the process that holds the lock (flock(2)) of a state directory. All silent. */
#ifndef RUNTIME_HOLDER_H
#define RUNTIME_HOLDER_H

#include "base/base.h"
#include "cgroup/cgroup.h"

#include <sys/types.h>

/* Returns the pid of another process that holds the lock. 0: none, or it cannot be determined. */
pid_t holder_find(int dir);
/* Returns a pidfd of that process. -ESRCH: none, or the holder has changed. */
must_check int holder_open(int dir);

/*
 * Whether a claim belongs to a create that is at work on the cgroup of that path: the process that
 * the claim names holds the lock on the state directory that the claim names, and its record says
 * so. Only a process of our own user and mount namespace counts, and only a directory of ours. Any
 * process that may write to the cgroup can write a claim, but a process in a container is not in
 * the host's mount namespace.
 */
bool holder_is_create(const struct cgroup_owner *claim, const char *path);

#endif
