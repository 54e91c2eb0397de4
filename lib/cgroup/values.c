/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the writing of limits. What must hold: a limit that was asked for is either written, or an
 * error that names its place in config.json. The only exceptions are values that the plan marks
 * optional, if the kernel does not have the file.
 */

#include "cgroup/values.h"

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/cgdir.h"
#include "cgroup/restore.h"

#include <errno.h>
#include <string.h>

/*
 * Returns the index of the leaf that has this value's file: the v1 hierarchy of the controller,
 * else v2; -1 if there is none.
 */
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

/*
 * Records the content of a file before it is written. A file that cannot be read cannot be
 * restored.
 */
static void note_before(struct values_before *before, int leaf, const char *file, const char *value)
{
	struct text shown;

	if (before && cgdir_read(leaf, file, &shown) == 0)
		before->v[before->n++] =
			(struct value_before){ leaf, file, restore_value(file, shown.data, value) };
}

static int write_file(struct values_before *before, int leaf, const char *file, const char *value)
{
	size_t n = before ? before->n : 0;

	note_before(before, leaf, file, value);
	int r = cgdir_write(leaf, file, value);

	if (r < 0 && before)
		before->n = n;
	return r;
}

int values_restore(const struct values_before *before)
{
	int first = 0;

	/* twice, because one value may depend on another: memory on memory plus swap */
	for (int pass = 0; pass < 2; pass++) {
		first = 0;
		for (size_t i = before->n; i-- > 0;) {
			const struct value_before *v = &before->v[i];
			int r = cgdir_write(v->leaf, v->file, v->value);

			first = first ? first : r;
		}
	}
	return first;
}

/*
 * Writes one value. If a second try may help and this is not the last, sets *ret_again instead of
 * failing.
 */
static int write_value(const struct plan_cgroup_value *value, struct leaves *leaves,
		       struct values_before *before, bool last, bool *ret_again)
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
	int r = write_file(before, leaf, value->file, value->value);

	if (r == -ENOENT && value->else_file)
		r = write_file(before, leaf, value->else_file, value->else_value);
	if (r == 0 || (r == -ENOENT && value->optional))
		return 0;
	*ret_again =
		!last && r == -EINVAL &&
		(strncmp(value->file, "memory.", 7) == 0 || strncmp(value->file, "cpu.", 4) == 0);
	return *ret_again ? 0 : report(r, value, &leaves->cgroup->v[i]);
}

/*
 * On v1 the limit of memory must never exceed that of memory plus swap. So raising both requires
 * writing the second first, and lowering both the first first. CPU quota and burst are alike. The
 * plan's order is right for a new cgroup and for lowering. A value that is refused with EINVAL is
 * tried again after all others.
 */
int values_write(const struct plan_cgroup *plan, struct leaves *leaves,
		 struct values_before *before)
{
	const struct plan_cgroup_value *again[4];
	size_t n = 0;

	if (before)
		before->v = arena_array(2 * plan->n_values, sizeof(*before->v));

	for (size_t i = 0; i < plan->n_values; i++) {
		bool retry = false;
		int r = write_value(&plan->values[i], leaves, before, n == ARRAY_LEN(again),
				    &retry);

		if (r < 0)
			return r;
		if (retry)
			again[n++] = &plan->values[i];
	}
	for (size_t i = 0; i < n; i++) {
		bool retry;
		int r = write_value(again[i], leaves, before, true, &retry);

		if (r < 0)
			return r;
	}
	return 0;
}
