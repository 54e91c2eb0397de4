/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Applies device rules. Only lib/cgroup and its tests include this.
 *
 * The meaning of a list of rules is the same on v1 and v2. At first everything is denied. Among the
 * rules that match a device, the last one that names an access decides about that access.
 */
#ifndef CGROUP_DEVICES_H
#define CGROUP_DEVICES_H

#include "base/base.h"
#include "cgroup/leaves.h"
#include "plan/plan.h"

/*
 * Applies the plan's device rules: to the v1 devices hierarchy if there is one, else as a BPF
 * program to the v2 cgroup. fresh: the leaf was just made, so no program can be attached.
 * Reporting.
 */
must_check int devices_apply(const struct plan_cgroup *plan, struct leaves *leaves, bool fresh);

#endif
