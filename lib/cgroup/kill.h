/* SPDX-License-Identifier: Apache-2.0 */
/* Sends signals to all processes of a container. */
#ifndef CGROUP_KILL_H
#define CGROUP_KILL_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Sends sig to every process in the leaves and below. For SIGKILL it uses cgroup.kill on v2. On v1
 * it freezes, kills and thaws, including cgroups below that the container froze, so that no process
 * escapes by fork(2) and none remains. Absent cgroups are not an error. Reporting.
 */
must_check int cgroup_kill(const struct cgroup *cgroup, int sig);

#endif
