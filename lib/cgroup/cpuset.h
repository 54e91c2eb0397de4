/* SPDX-License-Identifier: Apache-2.0 */
/* Initial values of the cpuset controller of cgroup v1. */
#ifndef CGROUP_CPUSET_H
#define CGROUP_CPUSET_H

#include "base/base.h"
#include "cgroup/leaves.h"

/*
 * Copies cpuset.cpus and cpuset.mems of a v1 cpuset from its parent if they are empty. Without them
 * no process can join. `name` is for messages. Reporting.
 */
must_check int cpuset_inherit(int parent, int dir, const char *name);

#endif
