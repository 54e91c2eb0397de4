/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to all processes of a container. */
#ifndef CGROUP_KILL_H
#define CGROUP_KILL_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* Sends sig to every process in the leaves and below. SIGKILL: cgroup.kill on v2; freeze,
 * kill, thaw on v1, also what the container froze below, so that nothing forks away and nothing
 * stays. Absent cgroups are no error. Reporting. */
must_check int cgroup_kill(const struct cgroup *cgroup, int sig);

#endif
