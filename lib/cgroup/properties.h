/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits and device rules as properties of a systemd scope. Only lib/cgroup and its tests include
 * this.
 */
#ifndef CGROUP_PROPERTIES_H
#define CGROUP_PROPERTIES_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "plan/plan.h"

struct properties {
	size_t n, room;
	struct plan_property *v; /* in the arena */
};

/*
 * Converts the plan's values, and its device rules if set_devices, to those properties that systemd
 * has. The files of the cgroup are written in addition, because systemd rounds values and does not
 * know all of them. The properties make systemd write the requested values when it writes the files
 * again. `cgroup` tells where the controllers are.
 */
void properties_make(const struct plan_cgroup *plan, const struct cgroup *cgroup,
		     struct properties *ret);

#endif
