/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults of the cpuset controller of v1. */
#ifndef CGROUP_CPUSET_H
#define CGROUP_CPUSET_H

#include "base/base.h"
#include "cgroup/leaves.h"

/* cpuset.cpus and cpuset.mems of a v1 cpuset from its parent where they are empty: without
 * them nothing can join. name is for messages. */
must_check int cpuset_inherit(int parent, int dir, const char *name);

#endif
