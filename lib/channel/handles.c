/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the life of the descriptors that a container is made from. What must hold: each is closed in
 * the container before its program runs (CVE-2024-21626). process/descriptors.c does that.
 */
#include "channel/handles.h"

#include "base/arena.h"
#include "base/fd.h"
#include "plan/plan.h"

#include <linux/sched.h>

static int *unset_array(size_t n)
{
	int *v = arena_array(n ? n : 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = -1;
	return v;
}

void handles_init(const struct plan *plan, struct handles *ret)
{
	*ret = (struct handles){ .proc = -1,
				 .bundle = -1,
				 .root = -1,
				 .cgroup_dir = -1,
				 .sdnotify = -1,
				 .start = -1,
				 .sync = { -1, -1 },
				 .target = -1 };
	for (size_t i = 0; i < ARRAY_LEN(ret->joins); i++)
		ret->joins[i] = -1;
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		ret->cgroup_leaves[i] = ret->tasks[i] = -1;
	ret->sources = unset_array(plan->n_mounts);
	ret->origins = arena_array(plan->n_mounts + 1, sizeof(*ret->origins));
	ret->idmaps = unset_array(plan->n_mounts);
	ret->n_mounts = plan->n_mounts;
}

void handles_close(struct handles *h)
{
	int *all[] = { &h->proc,    &h->bundle,	 &h->root,   &h->cgroup_dir, &h->start,
		       &h->sync[0], &h->sync[1], &h->target, &h->sdnotify };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		fd_close(all[i]);
	for (size_t i = 0; i < ARRAY_LEN(h->joins); i++)
		fd_close(&h->joins[i]);
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++) {
		fd_close(&h->cgroup_leaves[i]);
		fd_close(&h->tasks[i]);
	}
	for (size_t i = 0; i < h->n_mounts; i++) {
		fd_close(&h->sources[i]);
		fd_close(&h->idmaps[i]);
	}
}

int handles_pid_namespace(const struct plan *plan, const struct handles *h)
{
	for (size_t i = 0; i < plan->ns.n_joins; i++)
		if (plan->ns.joins[i].flag == CLONE_NEWPID)
			return h->joins[i];
	return -1;
}
