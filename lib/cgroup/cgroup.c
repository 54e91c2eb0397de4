/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of a container in each hierarchy: as the plan names them, and what is there. */
#include "cgroup/cgroup.h"

#include "base/fd.h"
#include "cgroup/cgdir.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

void cgroup_planned(const struct plan_cgroup *plan, struct cgroup *ret)
{
	*ret = (struct cgroup){ 0 };
	if (plan->disabled)
		return;
	ret->n = plan->n;
	memcpy(ret->v, plan->v, sizeof(ret->v));
	ret->scope = plan->scope;
}

void cgroup_note_present(struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->n; i++) {
		struct cgroup_dir *dir = &cgroup->v[i];
		autofd leaf = cgdir_leaf(dir);
		struct stat st;

		dir->inode = leaf >= 0 && fstat(leaf, &st) == 0 ? st.st_ino : 0;
	}
}

bool cgroup_exists(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->n; i++) {
		autofd leaf = cgroup->v[i].made ? cgdir_leaf(&cgroup->v[i]) : -ENOENT;

		if (!cgdir_is_gone(leaf))
			return true;
	}
	return false;
}
