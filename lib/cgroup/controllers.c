/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns cgroup.subtree_control. Where v2 has all controllers, all are passed down, not only
 * those that this container has limits for: engines read memory.events and the statistics
 * where the container is. On a hybrid host only what a value wants. Whoever may not write at
 * the top (a delegated subtree) starts further down; what arrives at the leaf counts.
 */

#include "cgroup/controllers.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* p and n: each word of list in turn. */
#define for_each_word(p, n, list) \
	for (p = (list); (n = strcspn(p, " ")), *p; p += n + (p[n] == ' '))

/* The words of `want` that are in `has` and not in `passed`, each with a plus; arena. */
static const char *missing(const char *want, const char *has, const char *passed)
{
	const char *p, *out = "";
	size_t n;

	for_each_word(p, n, want)
	{
		const char *word = arena_memdup(p, n);

		if (n && cgdir_has_word(has, " ", word) && !cgdir_has_word(passed, " ", word))
			out = arena_printf("%s%s+%s", out, *out ? " " : "", word);
	}
	return out;
}

/* Passes on what of `want` the directory has. One that fails must not hold up the others. */
static int enable_in(int dir, const char *want)
{
	struct text has, passed;
	int r = cgdir_read(dir, "cgroup.controllers", &has);

	if (r == 0)
		r = cgdir_read(dir, "cgroup.subtree_control", &passed);
	if (r)
		return r;
	const char *p, *more = missing(want, has.data, passed.data);
	size_t n;

	if (!*more || cgdir_write(dir, "cgroup.subtree_control", more) == 0)
		return 0;
	for_each_word(p, n, more)
	{
		int e = cgdir_write(dir, "cgroup.subtree_control", arena_memdup(p, n));

		if (e < 0 && r == 0)
			r = e;
	}
	return r;
}

/* Whether a value wants a controller that comes from this hierarchy. */
static bool wants(const struct plan_cgroup *plan, const struct plan_cgroup_value *value)
{
	if (!value->controller || value->optional)
		return false;
	for (size_t i = 0; i < plan->n; i++)
		if (!plan->v[i].v2 &&
		    cgdir_has_word(plan->v[i].controllers, ",", value->controller))
			return false;
	return true;
}

/* What is to be passed down, or "" where nothing is; arena. Silent. */
static int choose(const struct plan_cgroup *plan, int root, const char **ret)
{
	struct text all;

	if (plan->n == 1) {
		int r = cgdir_read(root, "cgroup.controllers", &all);

		*ret = all.data;
		return r;
	}
	*ret = "";
	for (size_t i = 0; i < plan->n_values; i++)
		if (wants(plan, &plan->values[i]) &&
		    !cgdir_has_word(*ret, " ", plan->values[i].controller))
			*ret = arena_printf("%s %s", *ret, plan->values[i].controller);
	return 0;
}

static int check_wanted(const struct plan_cgroup *plan, const struct cgroup_dir *dir,
			const char *passed, int why)
{
	for (size_t i = 0; i < plan->n_values; i++) {
		const struct plan_cgroup_value *value = &plan->values[i];

		if (wants(plan, value) && !cgdir_has_word(passed, " ", value->controller))
			return fail(-why,
				    "%s: cgroup controller \"%s\" is not available in %s: "
				    "expected one of \"%s\"",
				    value->place, value->controller, dir->path, passed);
	}
	return 0;
}

/* From the root to the parent of the leaf. The last error, silent: it may not matter. */
static int enable_down(int root, const char *path, const char *want)
{
	autofd at = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (at < 0)
		return -errno;
	int why = enable_in(at, want);

	for (const char *p = path + 1, *end; (end = strchr(p, '/')); p = end + 1) {
		autofd next = openat(at, arena_memdup(p, (size_t)(end - p)),
				     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (next < 0)
			return -errno;
		int r = enable_in(next, want);

		why = r < 0 ? r : why;
		fd_close(&at);
		at = take_fd(&next);
	}
	return why;
}

int controllers_enable(const struct plan_cgroup *plan, const struct cgroup_dir *dir)
{
	int root = cgdir_root(dir->mountpoint, dir->v2), why = 0;
	const char *name, *want = "";
	struct text passed;
	int r = root < 0 ? root : choose(plan, root, &want);

	if (r == 0 && !*want)
		return check_wanted(plan, dir, "", 0);
	autofd parent = r < 0 ? r : cgdir_parent(dir, &name);

	r = parent < 0 ? parent : cgdir_read(parent, "cgroup.subtree_control", &passed);
	if (r == 0 && *missing(want, want, passed.data)) {
		why = enable_down(root, dir->path, want);
		r = cgdir_read(parent, "cgroup.subtree_control", &passed);
	}
	if (r < 0)
		return cgdir_fail(dir, r, "read the controllers of");
	return check_wanted(plan, dir, passed.data, why);
}
