/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the limits. */
#ifndef CGROUP_VALUES_H
#define CGROUP_VALUES_H

#include "base/base.h"
#include "cgroup/leaves.h"

/* The contents of the files before values_write(), for values_restore(). */
struct values_before {
	size_t n;
	struct value_before {
		int leaf; /* owned by struct leaves */
		const char *file, *value;
	} * v;
};

/*
 * Writes every value of the plan in its order. before: NULL for a new cgroup, where nothing has to
 * be restored. Reporting.
 */
must_check int values_write(const struct plan_cgroup *plan, struct leaves *leaves,
			    struct values_before *before);
/* Restores the contents, the last file first. Returns the first error. Silent. */
must_check int values_restore(const struct values_before *before);

#endif
