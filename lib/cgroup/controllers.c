/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns cgroup.subtree_control.
 *
 * On a v2 host all controllers are enabled, not only those that this container has limits for,
 * because engines read memory.events and statistics in the container's cgroup. On a hybrid host
 * only the controllers that a value needs are enabled. If writing at the top is not permitted (a
 * delegated subtree), the attempt continues further down. What counts is the result at the leaf.
 */

#include "cgroup/controllers.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Sets p and n to each word of list in turn. */
#define for_each_word(p, n, list) \
	for (p = (list); (n = strcspn(p, " ")), *p; p += n + (p[n] == ' '))

/*
 * Returns the words of `want` that are in `has` and not in `passed`, each with a plus sign. In the
 * arena.
 */
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

/*
 * Enables for the children what `want` and the directory have. If the combined write fails, each
 * controller is tried separately.
 */
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

/* Whether the value needs a controller from this hierarchy. */
static bool wants(const struct plan_cgroup *plan, const struct plan_cgroup_value *value)
{
	if (!value->controller || value->optional)
		return false;
	for (size_t i = 0; i < plan->n; i++)
		if (!plan->v[i].v2 && cgdir_has_word(plan->v[i].name, ",", value->controller))
			return false;
	return true;
}

/* Stores the controllers to enable, or "" if there are none. In the arena. Silent. */
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

/*
 * Enables the controllers from the root to the parent of the leaf. Returns the last error, which
 * may not matter. Silent.
 */
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
