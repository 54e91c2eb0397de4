/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller without the rights of root can have of a plan. */
#ifndef CGROUP_SETTLE_H
#define CGROUP_SETTLE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Of a plan for one who is not the host's root: leaves out the hierarchies in which no cgroup
 * may be made and for which no limit is asked; with none left, `disabled` is set. Makes
 * nothing. Reporting: a limit, or a cgroupsPath, that cannot be had.
 */
must_check int cgroup_settle(struct plan_cgroup *plan);

#endif
