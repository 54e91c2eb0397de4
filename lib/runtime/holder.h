/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds the lock (flock(2)) of a state directory. Silent. */
#ifndef RUNTIME_HOLDER_H
#define RUNTIME_HOLDER_H

#include "base/base.h"
#include "cgroup/cgroup.h"

#include <sys/types.h>

/* The pid of another process that holds it, 0: nobody, or it cannot be told. */
pid_t holder_find(int dir);
/* A pidfd of it. -ESRCH: nobody, or another one by now. */
must_check int holder_open(int dir);

/*
 * Whether a claim is that of a create at work on the cgroup of that path: the process that it names
 * holds the lock on the state directory that it names, whose record says so. Only a process of our
 * own user and mount namespace counts, and only a directory of ours: anybody can write a claim who
 * can write to the cgroup, but what is in a container is in no mount namespace of the host.
 */
bool holder_is_create(const struct cgroup_owner *claim, const char *path);

#endif
