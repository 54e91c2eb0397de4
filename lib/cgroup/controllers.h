/* SPDX-License-Identifier: Apache-2.0 */
/* Enables the controllers of cgroup v2 for a leaf. */
#ifndef CGROUP_CONTROLLERS_H
#define CGROUP_CONTROLLERS_H

#include "base/base.h"
#include "cgroup/leaves.h"

/*
 * Writes to cgroup.subtree_control of every directory from the root of the hierarchy to the parent
 * of the leaf, as far as permitted, so that the leaf has the controllers. It is an error if a
 * controller that a value of the plan needs is then not available. Reporting.
 */
must_check int controllers_enable(const struct plan_cgroup *plan, const struct cgroup_dir *dir);

#endif
