/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a process gets into its cgroups, and the small questions about them. What must
 * hold: the parent opens, because its credentials are those that count at the write (v1) and
 * at clone3 (v2), and the child moves nobody but itself.
 */
#include "cgroup/cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/dir.h"

#include <fcntl.h>
#include <unistd.h>

void cgroup_planned(const struct plan_cgroup *plan, struct cgroup *ret)
{
	*ret = (struct cgroup){ 0 };
	if (plan->disabled)
		return;
	ret->scope.unit = plan->scope.unit;
	ret->scope.user = plan->scope.user;
	for (; ret->n < plan->n; ret->n++) {
		const struct plan_hierarchy *h = &plan->v[ret->n];

		ret->v[ret->n] = (struct cgroup_dir){
			.name = h->v2 ? "unified" : h->controllers,
			.mountpoint = h->mountpoint,
			.path = h->path,
			.v2 = h->v2,
		};
	}
}

int cgroup_open_join(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES], size_t *ret_n,
		     int *ret_dir)
{
	size_t n = 0;
	autofd leaf = -1;

	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int fd = dir->v2 ? cgdir_leaf(dir)
				 : cgdir_open(dir, arena_printf("%s/tasks", dir->path), O_WRONLY);

		if (fd < 0) {
			while (n > 0)
				close(ret_tasks[--n]);
			return fail(-fd, "cannot open the container's cgroup %s in %s", dir->path,
				    dir->name);
		}
		if (dir->v2)
			leaf = fd;
		else
			ret_tasks[n++] = fd;
	}
	*ret_n = n;
	*ret_dir = take_fd(&leaf);
	return 0;
}

int64_t cgroup_oom_kills(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "memory");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	struct text text;

	if (!dir)
		return 0;
	autofd leaf = cgdir_leaf(dir);

	if (leaf < 0 || cgdir_read(leaf, v1 ? "memory.oom_control" : "memory.events", &text) < 0)
		return 0;
	int64_t n = cgdir_keyed(text.data, "oom_kill");

	return n < 0 ? 0 : n;
}
