/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the cgroups of a container. */
#ifndef CGROUP_MAKE_H
#define CGROUP_MAKE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Makes the leaves and their missing parents, sets cpuset defaults (v1) and enables
 * controllers (v2), writes every limit and the device rules: all before any task is inside.
 * cgroup is what cgroup_planned() or scope_start() left, with its owner. A leaf that exists and
 * has tasks, or is frozen, or is being used by another create, is refused; one in which somebody
 * has been, or that has a claim, is made anew; any other is taken over. `made` and the inode are
 * set for all of them. Reporting; on failure what was made is removed again.
 */
must_check int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup);

#endif
