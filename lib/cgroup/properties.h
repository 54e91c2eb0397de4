/* SPDX-License-Identifier: Apache-2.0 */
/* Limits and device rules as properties of a scope. Only lib/cgroup and its tests include this. */
#ifndef CGROUP_PROPERTIES_H
#define CGROUP_PROPERTIES_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "plan/plan.h"

struct properties {
	size_t n, room;
	struct plan_property *v; /* arena */
};

/*
 * What systemd has a property for, of the plan's values and (if set_devices) device rules. The
 * files are written all the same: systemd rounds, and knows less; the properties are there so
 * that systemd, when it writes the files again, writes what was asked for. Where the
 * controllers are is cgroup's word.
 */
void properties_make(const struct plan_cgroup *plan, const struct cgroup *cgroup,
		     struct properties *ret);

#endif
