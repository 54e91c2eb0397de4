/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the making of the leaves. What must hold:
 *
 * - Every limit and the device rules are in force before the first task is inside.
 * - No task of others is inside. (Two containers with the same cgroupsPath would be killed and
 *   limited together.)
 * - A failure leaves no directory behind.
 * - Of several creates with the same path one gets it: by mkdir(2), or by setting the claim if the
 *   leaf exists already.
 * - No leaf is taken over that the record of another container may name. A container can remove its
 *   claim, but not its traces in the kernel's counters.
 */
#include "cgroup/make.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"
#include "cgroup/claim.h"
#include "cgroup/controllers.h"
#include "cgroup/cpuset.h"
#include "cgroup/devices.h"
#include "cgroup/freeze.h"
#include "cgroup/pids.h"
#include "cgroup/remove.h"
#include "cgroup/scope.h"
#include "cgroup/values.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAF_TRIES = 16 };

/*
 * Opens the parent of the leaf. Missing directories on the way are made; with cpuset each gets the
 * values of the one above.
 */
static int make_parents(const struct cgroup_dir *dir, bool cpuset, const char **ret_name)
{
	int root = cgdir_root(dir->mountpoint, dir->v2);

	if (root < 0)
		return cgdir_fail(dir, root, "make the parents of");
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

/*
 * Checks that an existing leaf has no process in it except the keeper of the scope. Returns 1 if
 * the keeper is inside, 0 if not, or -errno.
 */
static int check_empty(const struct cgroup_dir *dir, pid_t keeper)
{
	struct cgroup one = { 1, { *dir } };
	pid_t *pids;
	size_t n;
	int r = cgroup_pids(&one, &pids, &n);

	if (r < 0)
		return r;
	if (n > 1 || (n == 1 && pids[0] != keeper))
		return fail(0, "container's cgroup %s in %s is not empty: process %d is in it",
			    dir->path, dir->name, pids[n > 1 && pids[0] == keeper]);
	if (cgroup_freeze_is_frozen(&one) == 1)
		return fail(0, "container's cgroup %s in %s is frozen", dir->path, dir->name);
	return n == 1;
}

/*
 * Whether a counter shows that a process has been in this cgroup. The counters of v2 and of the
 * memory controller cannot be reset.
 */
static bool has_run(const struct cgroup_dir *dir, int leaf)
{
	static const struct {
		const char *controller, *file, *key;
	} counters[] = {
		{ NULL, "cpu.stat", "usage_usec" },
		{ "memory", "memory.stat", "total_pgpgin" },
		{ "cpuacct", "cpuacct.usage", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
		const char *controller = counters[i].controller, *end;
		uint64_t n = 0;
		struct text text;

		if (controller ? dir->v2 || !cgdir_has_word(dir->name, ",", controller) : !dir->v2)
			continue;
		if (cgdir_read(leaf, counters[i].file, &text) < 0)
			continue;
		if (counters[i].key ? cgdir_keyed(text.data, counters[i].key) > 0
				    : num_scan_u64(text.data, &end, &n) == 0 && n > 0)
			return true;
	}
	return false;
}

/*
 * Whether the existing leaves belong to a container: one has a claim that is not ours, or a process
 * has been inside. A scope is new and has the keeper inside.
 */
static bool are_used(const struct cgroup *cgroup)
{
	struct cgroup_owner claim;

	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		autofd leaf = cgdir_open_in(dir, "", O_RDONLY | O_DIRECTORY);

		if (leaf < 0)
			continue;
		if (has_run(dir, leaf) ||
		    (claim_read(leaf, &claim) == 0 && !claim_is_of(&claim, &cgroup->owner)))
			return true;
	}
	return cgroup->scope.unit != NULL;
}

/* Removes a leaf that was made here, or our claim from one that existed. */
static void give_up_leaf(struct cgroup_dir *dir, bool made)
{
	if (made)
		(void)!cgroup_remove_empty_leaf(dir);
	autofd leaf = made ? -1 : cgdir_open_in(dir, "", O_RDONLY | O_DIRECTORY);

	if (leaf >= 0)
		claim_clear(leaf);
	dir->made = false;
	dir->inode = 0;
}

/*
 * Handles a leaf that has a claim. If the create it names is at work, this is an error. What an
 * ended container left is removed, so that the old record's inode refers to nothing; returns
 * -EAGAIN to make a new one. If the other create is at work but cannot be seen (it is in a mount
 * namespace of its own), that one fails, because its leaf is gone.
 */
static int replace_claimed(const struct cgroup *cgroup, const struct cgroup_dir *dir, int leaf)
{
	struct cgroup_owner claim;
	int r = claim_read(leaf, &claim);

	if (r == -ENODATA)
		return -EAGAIN;
	if (r < 0)
		return fail(-r, "cannot read the owner of cgroup %s in %s", dir->path, dir->name);
	if (cgroup->owner.is_at_work && cgroup->owner.is_at_work(&claim, dir->path))
		return fail(0, "container's cgroup %s in %s is being used by container '%s'",
			    dir->path, dir->name, claim.id);
	r = cgroup_remove_empty_leaf(dir);
	if (r < 0)
		return fail(-r,
			    "container's cgroup %s in %s was left by container '%s' and cannot "
			    "be made anew: delete that one first",
			    dir->path, dir->name, claim.id);
	return -EAGAIN;
}

/* Handles a leaf without a claim that has been used: removes it, as above. */
static int replace_used(const struct cgroup_dir *dir)
{
	int r = cgroup_remove_empty_leaf(dir);

	if (r < 0)
		return fail(-r,
			    "container's cgroup %s in %s was used by another container, and cannot "
			    "be made anew",
			    dir->path, dir->name);
	return -EAGAIN;
}

/*
 * Takes possession of an open leaf. Returns 0, or -EAGAIN if it was removed in the meantime or had
 * to be removed.
 */
static int own_leaf(struct cgroup *cgroup, struct leaves *leaves, size_t i, int parent,
		    const char *name, int leaf, bool made)
{
	const struct cgroup_dir *dir = &cgroup->v[i];
	int r = made ? 1 : check_empty(dir, cgroup->scope.keeper);
	bool fresh = r > 0;

	if (r < 0)
		return r;
	r = claim_set(leaf, &cgroup->owner);
	/* decided before the first leaf is removed: all belong to one container or to none */
	if (!fresh && r <= 0 && !leaves->used)
		leaves->used = are_used(cgroup);
	if (r == -EEXIST)
		return replace_claimed(cgroup, dir, leaf);
	if (r == 0 && !fresh && leaves->used)
		return replace_used(dir);
	if (r >= 0)
		r = cgdir_is_leaf(dir, parent, name);
	if (r < 0 && made)
		(void)unlinkat(parent, name, AT_REMOVEDIR);
	if (r < 0)
		return fail(-r, "cannot claim the container's cgroup %s in %s", dir->path,
			    dir->name);
	return r ? 0 : -EAGAIN;
}

/*
 * Makes the leaf `name` in parent, or takes over an empty one. Returns 1 if made, 0 if taken over,
 * -EAGAIN if it appeared or disappeared in the meantime.
 */
static int take_leaf(struct cgroup *cgroup, struct leaves *leaves, size_t i, int parent,
		     const char *name)
{
	const struct cgroup_dir *dir = &cgroup->v[i];
	bool made = mkdirat(parent, name, 0755) == 0;

	if (!made && errno != EEXIST)
		return fail(errno, "cannot make the container's cgroup %s in %s", dir->path,
			    dir->name);
	autofd leaf = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (leaf < 0 || fstat(leaf, &st) < 0) {
		int e = errno;

		if (made) /* no process is inside yet; if one is, rmdir fails */
			(void)unlinkat(parent, name, AT_REMOVEDIR);
		return e == ENOENT ? -EAGAIN
				   : fail(e, "cannot open the container's cgroup %s in %s",
					  dir->path, dir->name);
	}
	cgroup->v[i].inode = st.st_ino;
	cgroup->v[i].made = true;
	int r = own_leaf(cgroup, leaves, i, parent, name, leaf, made);

	if (r < 0)
		return r;
	leaves->fd[i] = take_fd(&leaf);
	return made;
}

/* Makes one leaf and its parents. Returns 1 if it was made, 0 if it existed and was empty. */
static int make_leaf(struct cgroup *cgroup, struct leaves *leaves, size_t i)
{
	struct cgroup_dir *dir = &cgroup->v[i];
	const struct cgroup_dir before = *dir;
	const char *name = "";
	bool cpuset = !dir->v2 && cgdir_has_word(dir->name, ",", "cpuset");
	int r = -EAGAIN;

	if (!cgdir_is_leaf_path(dir->path))
		return fail(0,
			    "container's cgroup %s in %s: expected an absolute path below \"/\" "
			    "without \"..\"",
			    dir->path, dir->name);
	autofd parent = cpuset ? -ENOENT : cgdir_parent(dir, &name);

	if (parent == -ENOENT)
		parent = make_parents(dir, cpuset, &name);
	else if (parent < 0)
		return cgdir_fail(dir, parent, "open the parent of");
	if (parent < 0)
		return parent;
	for (int tries = 0; r == -EAGAIN && tries < LEAF_TRIES; tries++)
		r = take_leaf(cgroup, leaves, i, parent, name);
	if (r == -EAGAIN)
		r = fail(0,
			 "container's cgroup %s in %s: other processes keep making and removing it",
			 dir->path, dir->name);
	if (r < 0) {
		*dir = before;
		return r;
	}
	int c = cpuset ? cpuset_inherit(parent, leaves->fd[i], dir->path) : 0;

	if (c < 0)
		give_up_leaf(dir, r);
	return c < 0 ? c : r;
}

/* Undoes what this call of cgroup_make() did. No process was ever inside. */
static void unmake(struct cgroup *cgroup, const bool *made)
{
	for (size_t i = cgroup->n; i-- > 0;)
		if (cgroup->v[i].made)
			give_up_leaf(&cgroup->v[i], made[i]);
}

static int make_all(const struct plan_cgroup *plan, struct cgroup *cgroup, struct leaves *leaves,
		    bool *made)
{
	bool fresh = true;
	int r;

	for (size_t i = 0; i < cgroup->n; i++) {
		r = make_leaf(cgroup, leaves, i);

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
	r = values_write(plan, leaves, NULL);
	/* added to systemd's program, which never denies more than ours */
	return r < 0 ? r : devices_apply(plan, leaves, fresh || cgroup->scope.unit);
}

int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup)
{
	bool made[PLAN_HIERARCHIES] = { false };
	struct leaves leaves;

	if (plan->disabled)
		return 0;
	leaves_init(&leaves, cgroup);
	mode_t mask = umask(022); /* tools read these directories, whatever our umask */
	int r = make_all(plan, cgroup, &leaves, made);

	umask(mask);
	leaves_close(&leaves);
	if (r < 0)
		unmake(cgroup, made);
	return r;
}
