/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/find.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "cgroup/cgdir.h"
#include "plan/host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { MOUNTINFO_MAX = 16 << 20 };

/* Whether the hierarchy is to be taken. has_other: one was taken before. */
static bool is_better(const struct cgroup_dir *dir, const char *controller, bool has_other)
{
	return dir->v2 ? !has_other
		       : host_cgroups_list_has(dir->name, controller, strlen(controller));
}

/* NULL: there is none, or only a part of it is mounted, to which the path is not relative. */
static const struct cgroup_dir *choose(const struct host *host, const char *controller)
{
	const struct host_hierarchy *found = NULL;

	for (size_t i = 0; i < host->n_hierarchies; i++) {
		const struct host_hierarchy *h = &host->hierarchies[i];

		if (is_better(&h->own, controller, found))
			found = h;
	}
	return found && strcmp(found->root, "/") == 0 ? &found->own : NULL;
}

int cgroup_find_leaf(const struct cgroup *cgroup, const char *controller, struct cgroup *ret)
{
	const struct cgroup_dir *found = NULL;

	for (size_t i = 0; i < cgroup->n; i++)
		if (is_better(&cgroup->v[i], controller, found))
			found = &cgroup->v[i];
	if (!found || !found->made)
		return -ENOENT;
	*ret = (struct cgroup){ .n = 1, .v[0] = *found };
	return cgdir_open_in(found, "", O_RDONLY | O_DIRECTORY);
}

int cgroup_find(int proc, pid_t pid, const char *controller, struct cgroup *ret)
{
	struct text mounts, own;
	struct host host = { 0 };
	struct stat st;
	int r = io_read_file(proc, "self/mountinfo", MOUNTINFO_MAX, &mounts);

	if (r >= 0)
		r = io_read_file(proc, arena_printf("%d/cgroup", pid), MOUNTINFO_MAX, &own);
	if (r < 0)
		return r;
	if (host_cgroups_parse(mounts.data, own.data, &host) < 0) {
		err_clear();
		return -EINVAL;
	}
	const struct cgroup_dir *dir = choose(&host, controller);

	if (!dir || strcmp(dir->path, "/") == 0)
		return -ENOENT;
	autofd fd = cgdir_open(dir, dir->path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct cgroup){ .n = 1, .v[0] = *dir };
	ret->v[0].made = true;
	ret->v[0].inode = st.st_ino;
	return take_fd(&fd);
}
