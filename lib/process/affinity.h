/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs that a process of the container may run on. */
#ifndef PROCESS_AFFINITY_H
#define PROCESS_AFFINITY_H

#include "base/base.h"
#include "plan/plan.h"

/*
 * Changes the CPU affinity of the calling process and stores the earlier one in *ret_old, which
 * affinity_leave() restores. The runtime calls both around spawn_exec() where the plan has
 * process.affinity_initial. Both reporting.
 */
must_check int affinity_enter(const struct plan_cpus *cpus, struct plan_cpus *ret_old);
must_check int affinity_leave(const struct plan_cpus *old);
/*
 * Step, after the process has joined its cgroups. Sets the CPU affinity to
 * process.execCPUAffinity.final (exec only), else to all CPUs that the cgroup allows. Without this,
 * since Linux 6.2, an affinity inherited from the caller (taskset(1), systemd's CPUAffinity=)
 * persists when the process moves to another cgroup. Reporting.
 */
must_check int affinity_set(void *ctx);

#endif
