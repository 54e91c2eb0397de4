/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs that a process of the container may run on (sched_setaffinity(2)). */
#include "process/affinity.h"

#include "base/err.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Uses the system call directly: the wrapper of the C library wants a cpu_set_t of fixed size. */
static int set_affinity(const struct plan_cpus *cpus)
{
	return syscall(SYS_sched_setaffinity, 0, sizeof(*cpus), cpus) < 0 ? -errno : 0;
}

int affinity_enter(const struct plan_cpus *cpus, struct plan_cpus *ret_old)
{
	*ret_old = (struct plan_cpus){ 0 };
	if (syscall(SYS_sched_getaffinity, 0, sizeof(*ret_old), ret_old) < 0)
		return fail(errno, "read the CPU affinity");
	int r = set_affinity(cpus);

	return r < 0 ? fail(-r, "process.execCPUAffinity.initial: set") : 0;
}

int affinity_leave(const struct plan_cpus *old)
{
	int r = set_affinity(old);

	return r < 0 ? fail(-r, "set the CPU affinity back") : 0;
}

int affinity_set(void *ctx)
{
	const struct plan *plan = ((const struct box *)ctx)->plan;
	const struct plan_cpus *final = plan->process.affinity_final;
	struct plan_cpus all;

	if (!final && plan->cgroup.disabled && !plan->process.affinity_initial)
		return 0;
	if (!final)
		memset(&all, 0xff, sizeof(all));
	int r = set_affinity(final ? final : &all);

	/*
	 * The kernel reduces "all CPUs" to those of the cgroup's cpuset. It fails only if none of
	 * the requested CPUs is among them, which cannot be an error where no affinity was
	 * configured.
	 */
	return r < 0 && final ? fail(-r, "process.execCPUAffinity.final: set") : 0;
}
