/* SPDX-License-Identifier: Apache-2.0 */
/* Owns reading a container's cgroup files by controller, in whichever hierarchy the host has it. */
#include "cgroup/read.h"

#include "base/fd.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"

#include <errno.h>

int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *v1_file,
		const char *v2_file, struct text *ret)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, controller);
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	const char *file = v1 ? v1_file : v2_file;

	if (!dir || !file)
		return -ENOENT;
	autofd leaf = cgdir_leaf(dir);

	return leaf < 0 ? leaf : cgdir_read(leaf, file, ret);
}
