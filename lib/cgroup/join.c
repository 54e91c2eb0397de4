/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a process joins its cgroups. What must hold: the parent opens the files, because the
 * kernel checks the credentials of the opener at the write (v1) and of the caller at clone3(2)
 * (v2). The child moves only itself.
 */
#include "cgroup/join.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char *below_of(const struct cgroup_dir *dir)
{
	return dir->below ? dir->below : "";
}

/* Opens what a process joins by: on v2 the cgroup, on v1 its `tasks`. */
static int open_join(const struct cgroup_dir *dir)
{
	const char *below = below_of(dir);

	if (dir->v2)
		return cgdir_open_in(dir, below, O_PATH | O_DIRECTORY);
	return cgdir_open_in(dir, arena_printf("%s%stasks", below, *below ? "/" : ""), O_WRONLY);
}

int cgroup_join_open(const struct cgroup *cgroup, int ret_tasks[PLAN_HIERARCHIES], size_t *ret_n,
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
