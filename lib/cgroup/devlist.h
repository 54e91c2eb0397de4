/* SPDX-License-Identifier: Apache-2.0 */
/* Device rules as the list of cgroup v1. */
#ifndef CGROUP_DEVLIST_H
#define CGROUP_DEVLIST_H

#include "base/base.h"
#include "plan/plan.h"

/*
 * A v1 device list: one default, and the devices for which the opposite applies. All accesses of
 * one device are in one row.
 */
struct devices_list {
	bool allow; /* the default */
	size_t n;
	struct plan_device_rule *v; /* in the arena; .allow is !allow, .type is 'b' or 'c' */
};

/*
 * Converts the rules to a v1 list. It is an error if v1 cannot express them: v1 has no exception
 * inside a wildcard, and ignores such a rule silently. Reporting.
 */
must_check int devlist_make(const struct plan_device_rule *rules, size_t n,
			    struct devices_list *ret);
/* Returns a rule in the format of v1's files: "c 1:3 rwm". In the arena. */
const char *devlist_rule_text(const struct plan_device_rule *r);

#endif
