/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the writing of limits. What must hold: a limit that was asked for is either written or
 * an error that names its place in config.json; the only exceptions are those that the plan
 * calls optional, where the kernel lacks the file.
 */
#include "cgroup/apply.h"

#include "base/err.h"
#include "cgroup/dir.h"

#include <errno.h>
#include <string.h>

/* The leaf that has this value's file: v1 by controller, else v2; -1 if none. */
static int find_leaf(const struct cgroup *cgroup, const char *controller)
{
	const struct cgroup_dir *dir = controller ? cgdir_find_v1(cgroup, controller) : NULL;

	if (!dir)
		dir = cgdir_find_v2(cgroup);
	return dir ? (int)(dir - cgroup->v) : -1;
}

static int report(int r, const struct plan_cgroup_value *value, const struct cgroup_dir *dir)
{
	if (r == -ENOENT)
		return fail(0,
			    "%s: cgroup %s in %s has no %s: this kernel lacks it or its "
			    "controller is not enabled",
			    value->place, dir->path, dir->name, value->file);
	return fail(-r, "%s: cannot write \"%s\" to %s of cgroup %s in %s", value->place,
		    value->value, value->file, dir->path, dir->name);
}

/* Writes one value; *ret_again instead of an error if it is worth a second try, not the last. */
static int write_value(const struct plan_cgroup_value *value, struct leaves *leaves, bool last,
		       bool *ret_again)
{
	int i = find_leaf(leaves->cgroup, value->controller);

	if (i < 0 && value->optional)
		return 0;
	if (i < 0)
		return fail(0, "%s: this host has no cgroup controller \"%s\"", value->place,
			    value->controller ? value->controller : "unified");
	int leaf = leaves_open(leaves, (size_t)i);

	if (leaf < 0)
		return leaf;
	int r = cgdir_write(leaf, value->file, value->value);

	if (r == -ENOENT && value->else_file)
		r = cgdir_write(leaf, value->else_file, value->else_value);
	if (r == 0 || (r == -ENOENT && value->optional))
		return 0;
	*ret_again = !last && r == -EINVAL && !leaves->cgroup->v[i].v2 &&
		     strncmp(value->file, "memory.", 7) == 0;
	return *ret_again ? 0 : report(r, value, &leaves->cgroup->v[i]);
}

/*
 * v1 holds memory <= memory+swap at every moment, so raising both needs the second one first
 * and lowering both the first one first. The plan's order is right for a new cgroup and for
 * lowering; a value refused with EINVAL is tried once more after all the others.
 */
int values_write(const struct plan_cgroup *plan, struct leaves *leaves)
{
	const struct plan_cgroup_value *again[2];
	size_t n = 0;

	for (size_t i = 0; i < plan->n_values; i++) {
		bool retry = false;
		int r = write_value(&plan->values[i], leaves, n == ARRAY_LEN(again), &retry);

		if (r < 0)
			return r;
		if (retry)
			again[n++] = &plan->values[i];
	}
	for (size_t i = 0; i < n; i++) {
		bool retry;
		int r = write_value(again[i], leaves, true, &retry);

		if (r < 0)
			return r;
	}
	return 0;
}
