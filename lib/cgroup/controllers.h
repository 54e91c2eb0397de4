/* SPDX-License-Identifier: Apache-2.0 */
/* Enables the controllers of v2 for a leaf. */
#ifndef CGROUP_CONTROLLERS_H
#define CGROUP_CONTROLLERS_H

#include "base/base.h"
#include "cgroup/leaves.h"

/*
 * v2: has the controllers that the root has passed on to the leaf: cgroup.subtree_control of
 * every directory from the root to the parent, as far as is permitted. Those that `values`
 * want and that are then not there are an error.
 */
must_check int controllers_enable(const struct plan_cgroup *plan, const struct cgroup_dir *dir);

#endif
