/* SPDX-License-Identifier: Apache-2.0 */
/* Adapts a plan to what a caller without root's rights may do. */
#ifndef CGROUP_SETTLE_H
#define CGROUP_SETTLE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * For a caller who is not root on the host: removes from the plan the hierarchies in which the
 * caller may make no cgroup and for which no limit is asked. If none is left, `disabled` is set.
 * Makes nothing. A limit or a cgroupsPath that is not possible is an error. Reporting.
 */
must_check int cgroup_settle(struct plan_cgroup *plan);

#endif
