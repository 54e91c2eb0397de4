/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container process moves itself into the container's cgroups. This is one of its first steps, so
 * that everything it allocates later is charged to the container.
 */
#include "process/cgroups.h"

#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "plan/plan.h"

#include <errno.h>
#include <unistd.h>

/* The hierarchy of tasks[i]: those of v1 in the order of the plan, since v2 is joined by clone3(2).
 */
static const char *hierarchy(const struct plan_cgroup *plan, size_t i)
{
	for (size_t j = 0; j < plan->n; j++)
		if (!plan->v[j].v2 && i-- == 0)
			return plan->v[j].name;
	return "";
}

int cgroups_enter(void *ctx)
{
	const struct box *box = ctx;

	/*
	 * "0" means the calling thread. `tasks` moves one thread, and this process has only one.
	 * `cgroup.procs` would take a lock for which the kernel waits for an RCU grace period.
	 */
	for (size_t i = 0; i < box->h->n_tasks; i++)
		if (box->h->tasks[i] >= 0 && write(box->h->tasks[i], "0", 1) != 1)
			return fail(errno, "join the container's cgroup in hierarchy %s",
				    hierarchy(&box->plan->cgroup, i));
	return 0;
}
