/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the limits. */
#ifndef CGROUP_VALUES_H
#define CGROUP_VALUES_H

#include "base/base.h"
#include "cgroup/leaves.h"

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

#endif
