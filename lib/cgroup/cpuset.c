/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns initial values that cgroup v1 does not set itself. A new v1 cpuset has no CPUs and no memory
 * nodes and refuses every task with ENOSPC (cpuset(7)), so the parent's values are copied. Values
 * that are already set are kept.
 */

#include "cgroup/cpuset.h"

#include "base/err.h"
#include "cgroup/cgdir.h"

int cpuset_inherit(int parent, int dir, const char *name)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct text above, here;
		int r = cgdir_read(dir, files[i], &here);

		if (r == 0 && here.len)
			continue;
		if (r == 0)
			r = cgdir_read(parent, files[i], &above);
		if (r == 0)
			r = cgdir_write(dir, files[i], above.data);
		if (r < 0)
			return fail(-r, "cannot copy %s on the way to cgroup %s", files[i], name);
	}
	return 0;
}
