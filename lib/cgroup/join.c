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

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
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

void cgroup_note_present(struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->n; i++) {
		struct cgroup_dir *dir = &cgroup->v[i];
		autofd leaf = cgdir_leaf(dir);
		struct stat st;

		dir->inode = leaf >= 0 && fstat(leaf, &st) == 0 ? st.st_ino : 0;
	}
}

bool cgroup_exists(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->n; i++) {
		autofd leaf = cgroup->v[i].made ? cgdir_leaf(&cgroup->v[i]) : -ENOENT;

		if (!cgdir_is_gone(leaf))
			return true;
	}
	return false;
}

static const char *below_of(const struct cgroup_dir *dir)
{
	return dir->below ? dir->below : "";
}

/* What a process joins by: v2: the cgroup, v1: its `tasks`. */
static int open_join(const struct cgroup_dir *dir)
{
	const char *below = below_of(dir);

	if (dir->v2)
		return cgdir_open_in(dir, below, O_PATH | O_DIRECTORY);
	return cgdir_open_in(dir, arena_printf("%s%stasks", below, *below ? "/" : ""), O_WRONLY);
}

int cgroup_open_join(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES], size_t *ret_n,
		     int *ret_dir)
{
	size_t n = 0;
	autofd leaf = -1;

	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int fd = open_join(dir);

		if (fd < 0) {
			while (n > 0)
				close(ret_tasks[--n]);
			if (fd == -CGDIR_UNMOUNTED)
				return cgdir_fail(dir, fd, "open the container's");
			return fail(-fd, "cannot open the container's cgroup %s%s%s in %s",
				    dir->path, *below_of(dir) ? "/" : "", below_of(dir), dir->name);
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
