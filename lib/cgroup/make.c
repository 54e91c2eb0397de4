/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the making of the leaves. What must hold: every limit and the device rules stand
 * before the first task is inside; nobody else's tasks are (two containers with one
 * cgroupsPath would be killed and limited together); a failure leaves no directory behind.
 */
#include "cgroup/cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/apply.h"
#include "cgroup/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void leaves_init(struct leaves *leaves, const struct cgroup *cgroup)
{
	leaves->cgroup = cgroup;
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
			return fail(-fd, "cannot open the container's cgroup %s in %s", dir->path,
				    dir->name);
		leaves->fd[i] = fd;
	}
	return leaves->fd[i];
}

/*
 * The parent of the leaf, itself and those above it made where missing; on the way down a
 * cpuset gets the values of the one above.
 */
static int make_parents(const struct cgroup_dir *dir, bool cpuset, const char **ret_name)
{
	int root = cgdir_root(dir->mountpoint, dir->v2);

	if (root < 0)
		return fail(-root, "%s: cannot open the cgroup hierarchy", dir->mountpoint);
	autofd at = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *p = dir->path + 1;

	if (at < 0)
		return fail(errno, "%s: cannot open the cgroup hierarchy", dir->mountpoint);
	for (const char *end; (end = strchr(p, '/')); p = end + 1) {
		const char *name = arena_memdup(p, (size_t)(end - p));

		if (mkdirat(at, name, 0755) < 0 && errno != EEXIST)
			return fail(errno, "cannot make %s, a parent of cgroup %s, in %s", name,
				    dir->path, dir->name);
		autofd next = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (next < 0)
			return fail(errno, "cannot open %s, a parent of cgroup %s, in %s", name,
				    dir->path, dir->name);
		int r = cpuset ? cpuset_inherit(at, next, dir->path) : 0;

		if (r < 0)
			return r;
		fd_close(&at);
		at = take_fd(&next);
	}
	*ret_name = p;
	return take_fd(&at);
}

/* A leaf that was there: it must be as good as new. */
static int check_unused(const struct cgroup_dir *dir)
{
	struct cgroup one = { 1, { *dir } };
	pid_t *pids;
	size_t n;

	one.v[0].made = true;
	int r = cgroup_pids(&one, &pids, &n);

	if (r < 0)
		return r;
	if (n > 0)
		return fail(0, "container's cgroup %s in %s is not empty: process %d is in it",
			    dir->path, dir->name, pids[0]);
	if (cgroup_is_frozen(&one) == 1)
		return fail(0, "container's cgroup %s in %s is frozen", dir->path, dir->name);
	return 0;
}

/* Makes one leaf. 1: made; 0: was there, empty. */
static int make_leaf(const struct cgroup_dir *dir, struct leaves *leaves, size_t i)
{
	const char *name = "";
	bool cpuset = !dir->v2 && cgdir_has_word(dir->name, ",", "cpuset");
	int made = 1;

	if (!cgdir_is_leaf_path(dir->path))
		return fail(0,
			    "container's cgroup %s in %s: expected an absolute path below \"/\" "
			    "without \"..\"",
			    dir->path, dir->name);
	autofd parent = cpuset ? -ENOENT : cgdir_parent(dir, &name);

	if (parent == -ENOENT)
		parent = make_parents(dir, cpuset, &name);
	else if (parent < 0)
		return fail(-parent, "cannot open the parent of cgroup %s in %s", dir->path,
			    dir->name);
	if (parent < 0)
		return parent;
	if (mkdirat(parent, name, 0755) < 0) {
		if (errno != EEXIST)
			return fail(errno, "cannot make the container's cgroup %s in %s", dir->path,
				    dir->name);
		made = 0;
	}
	int r = made ? 0 : check_unused(dir);

	if (r == 0 && cpuset) {
		r = leaves_open(leaves, i);
		if (r >= 0)
			r = cpuset_inherit(parent, r, dir->path);
	}
	if (r < 0 && made)
		(void)unlinkat(parent, name, AT_REMOVEDIR);
	return r < 0 ? r : made;
}

/* Takes away what this cgroup_make() made; nothing was ever inside. */
static void unmake(const struct cgroup *cgroup, const bool *made)
{
	for (size_t i = cgroup->n; i-- > 0;) {
		const char *name;

		if (!made[i])
			continue;
		autofd parent = cgdir_parent(&cgroup->v[i], &name);

		if (parent >= 0)
			(void)unlinkat(parent, name, AT_REMOVEDIR);
	}
}

static int make_all(const struct plan_cgroup *plan, struct cgroup *cgroup, struct leaves *leaves,
		    bool *made)
{
	bool fresh = true;

	for (size_t i = 0; i < cgroup->n; i++) {
		int r = make_leaf(&cgroup->v[i], leaves, i);

		if (r < 0)
			return r;
		made[i] = r;
		fresh &= made[i];
		if (cgroup->v[i].v2) {
			r = controllers_enable(plan, &cgroup->v[i]);
			if (r < 0)
				return r;
		}
	}
	int r = values_write(plan, leaves, NULL);

	return r < 0 ? r : devices_apply(plan, leaves, fresh);
}

int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup)
{
	bool made[PLAN_HIERARCHIES] = { false };
	struct leaves leaves;

	cgroup_planned(plan, cgroup);
	if (plan->disabled)
		return 0;
	leaves_init(&leaves, cgroup);
	mode_t mask = umask(022); /* tools read the directories, whatever our own umask */
	int r = make_all(plan, cgroup, &leaves, made);

	umask(mask);
	leaves_close(&leaves);
	if (r < 0) {
		unmake(cgroup, made);
		return r;
	}
	for (size_t i = 0; i < cgroup->n; i++)
		cgroup->v[i].made = true;
	return 0;
}

int cgroup_update(const struct plan_cgroup *plan, const struct cgroup *cgroup)
{
	struct leaves leaves;

	leaves_init(&leaves, cgroup);
	struct values_before before = { 0 };
	int r = values_write(plan, &leaves, &before);

	if (r == 0)
		r = devices_apply(plan, &leaves, false);
	if (r < 0 && values_restore(&before) < 0)
		r = wrap(r, "only in part, and not all could be taken back");
	leaves_close(&leaves);
	return r;
}
