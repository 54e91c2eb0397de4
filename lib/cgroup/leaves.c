/* SPDX-License-Identifier: Apache-2.0 */
/* Opens each leaf once, when it is first needed. */
#include "cgroup/leaves.h"

#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"

void leaves_init(struct leaves *leaves, const struct cgroup *cgroup)
{
	leaves->cgroup = cgroup;
	leaves->used = false;
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		leaves->fd[i] = -1;
}

void leaves_close(struct leaves *leaves)
{
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		fd_close(&leaves->fd[i]);
}

int leaves_open(struct leaves *leaves, size_t i)
{
	const struct cgroup_dir *dir = &leaves->cgroup->v[i];

	if (leaves->fd[i] < 0) {
		int fd = cgdir_leaf(dir);

		if (fd < 0)
			return cgdir_fail(dir, fd, "open the container's");
		leaves->fd[i] = fd;
	}
	return leaves->fd[i];
}
