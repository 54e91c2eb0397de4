/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device rules as both kernels want them. Only lib/cgroup and its tests include this.
 *
 * What a rule list means is the same on v1 and v2: everything is denied at first; of the
 * rules that match a device, the last one that names an access decides about that access.
 */
#ifndef CGROUP_DEVICES_H
#define CGROUP_DEVICES_H

#include "base/base.h"
#include "cgroup/leaves.h"
#include "plan/plan.h"

/* The device rules: to the v1 devices hierarchy if there is one, else as a program of v2.
 * fresh: the leaf was just made, no program can be there. */
must_check int devices_apply(const struct plan_cgroup *plan, struct leaves *leaves, bool fresh);

#endif
