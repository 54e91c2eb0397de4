/* SPDX-License-Identifier: Apache-2.0 */
/* What is written into the leaves. Only lib/cgroup includes this. All reporting. */
#ifndef CGROUP_APPLY_H
#define CGROUP_APPLY_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "cgroup/leaves.h"

/* Removes our leaf and what is below it, all empty. 0: gone, or not ours any more; -EBUSY:
 * somebody is inside. Silent. */
must_check int cgroup_remove_empty_leaf(const struct cgroup_dir *dir);

/* What was in the files before values_write(), so that it can be written back. */
struct values_before {
	size_t n;
	struct value_before {
		int leaf; /* borrowed */
		const char *file, *value;
	} * v;
};

/* Every value of the plan, in its order. before: NULL for a new cgroup, which needs no way
 * back. */
must_check int values_write(const struct plan_cgroup *plan, struct leaves *leaves,
			    struct values_before *before);
/* Writes back what it says, the last first. Silent: the first error. */
must_check int values_restore(const struct values_before *before);
/* What makes file say `shown` again after `written` was written to it; arena. */
const char *restore_value(const char *file, const char *shown, const char *written);
/* cpuset.cpus and cpuset.mems of a v1 cpuset from its parent where they are empty: without
 * them nothing can join. name is for messages. */
must_check int cpuset_inherit(int parent, int dir, const char *name);
/*
 * v2: has the controllers that the root has passed on to the leaf: cgroup.subtree_control of
 * every directory from the root to the parent, as far as is permitted. Those that `values`
 * want and that are then not there are an error.
 */
must_check int controllers_enable(const struct plan_cgroup *plan, const struct cgroup_dir *dir);
/* The device rules: to the v1 devices hierarchy if there is one, else as a program of v2.
 * fresh: the leaf was just made, no program can be there. */
must_check int devices_apply(const struct plan_cgroup *plan, struct leaves *leaves, bool fresh);

#endif
