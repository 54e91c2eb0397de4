/* SPDX-License-Identifier: Apache-2.0 */
/* A process of the container puts itself into the container's cgroups, with its first acts. */
#include "process/cgroups.h"

#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "plan/plan.h"

#include <errno.h>
#include <unistd.h>

int cgroups_enter(void *ctx)
{
	const struct box *box = ctx;

	/* "0" is the writer. Into `tasks`, because `cgroup.procs` takes a lock that costs an
	 * RCU grace period, and we have one thread. */
	for (size_t i = 0; i < box->h->n_tasks; i++)
		if (box->h->tasks[i] >= 0 && write(box->h->tasks[i], "0", 1) != 1)
			return fail(errno, "join the container's cgroup in hierarchy %s",
				    i < box->plan->cgroup.n ? box->plan->cgroup.v[i].name : "");
	return 0;
}
