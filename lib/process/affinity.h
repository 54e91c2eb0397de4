/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs that a process of the container may run on. */
#ifndef PROCESS_AFFINITY_H
#define PROCESS_AFFINITY_H

#include "base/base.h"
#include "plan/plan.h"

/* The CPUs of the calling process: changed for spawn_exec() where the plan has
 * process.affinity_initial, *ret_old is what affinity_leave() puts back. Reporting. */
must_check int affinity_enter(const struct plan_cpus *cpus, struct plan_cpus *ret_old);
must_check int affinity_leave(const struct plan_cpus *old);
/*
 * Step, after the cgroups: to the CPUs of process.execCPUAffinity.final (exec), else to all that
 * the cgroup allows: what the caller was bound to (taskset, CPUAffinity of systemd) outlives the
 * change of cgroup since Linux 6.2. Reporting.
 */
must_check int affinity_set(void *ctx);

#endif
