/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the question which hierarchies a user has who is not root on the host: those that were
 * delegated (cgroups(7)), or none. What must hold: a limit that is asked for is never dropped
 * together with its hierarchy, and a container with a cgroupsPath has that cgroup. The result is a
 * prediction: if the cgroup cannot be made after all, making it fails.
 */
#include "cgroup/settle.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Opens the leaf, or the nearest directory above it that exists. */
static int open_nearest(const struct cgroup_dir *dir)
{
	char *path = arena_strdup(dir->path);
	int fd;

	for (;;) {
		char *slash = strrchr(path, '/');

		if (!slash || slash == path)
			break;
		*slash = 0;
		fd = cgdir_open(dir, path, O_PATH | O_DIRECTORY);
		if (fd != -ENOENT)
			return fd;
	}
	fd = cgdir_root(dir->mountpoint, dir->v2);
	if (fd >= 0 && (fd = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -errno;
	return fd;
}

/* Returns 0, or -errno if no cgroup can be made there or no process moved there. */
static int may_use(const struct cgroup_dir *dir)
{
	autofd fd = open_nearest(dir);

	if (fd < 0)
		return fd;
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0)
		return -errno;
	/*
	 * moving a process needs write access to the common ancestor of both cgroups (cgroups(7))
	 */
	if (dir->v2 && faccessat(fd, "cgroup.procs", W_OK, AT_EACCESS) < 0)
		return -errno;
	return 0;
}

/* Returns a value that is written in hierarchy i and nowhere else, or NULL. */
static const struct plan_cgroup_value *wanted_from(const struct plan_cgroup *plan, size_t i)
{
	for (size_t k = 0; k < plan->n_values; k++) {
		const struct plan_cgroup_value *value = &plan->values[k];
		bool v1 = false, here = false;

		if (value->optional)
			continue;
		for (size_t j = 0; value->controller && j < plan->n; j++)
			if (!plan->v[j].v2 &&
			    cgdir_has_word(plan->v[j].name, ",", value->controller)) {
				v1 = true;
				here |= j == i;
			}
		if (v1 ? here : plan->v[i].v2)
			return value;
	}
	return NULL;
}

static int refuse(const struct cgroup_dir *dir, const char *what, int why)
{
	return fail(-why,
		    "%s: uid %u may not make cgroup %s in %s: expected a delegated one "
		    "(systemd-run --user --scope -p Delegate=yes)",
		    what, geteuid(), dir->path, dir->name);
}

int cgroup_settle(struct plan_cgroup *plan)
{
	int why[PLAN_HIERARCHIES];
	size_t n = 0;

	if (plan->disabled || !plan->delegated)
		return 0;
	for (size_t i = 0; i < plan->n; i++) {
		const struct plan_cgroup_value *value = wanted_from(plan, i);

		why[i] = may_use(&plan->v[i]);
		if (why[i] < 0 && value)
			return refuse(&plan->v[i], value->place, why[i]);
		n += why[i] == 0;
	}
	if (n == 0 && plan->n > 0 && plan->named)
		return refuse(&plan->v[plan->n - 1], "linux.cgroupsPath", why[plan->n - 1]);
	n = 0;
	for (size_t i = 0; i < plan->n; i++)
		if (why[i] == 0)
			plan->v[n++] = plan->v[i];
	plan->n = n;
	plan->disabled = n == 0;
	return 0;
}
