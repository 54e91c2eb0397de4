/* SPDX-License-Identifier: Apache-2.0 */
/* Device rules as the list of cgroup v1. */
#ifndef CGROUP_DEVLIST_H
#define CGROUP_DEVLIST_H

#include "base/base.h"
#include "plan/plan.h"

/* v1: one default, and devices for which it is the other way round. All access letters of one
 * device are in one row. */
struct devices_list {
	bool allow; /* the default */
	size_t n;
	struct plan_device_rule *v; /* arena; .allow is !allow, .type 'b' or 'c' */
};

/*
 * The list for v1. An error where v1 cannot say what the rules say: it has no "all but" inside
 * a wildcard (and would ignore the rule silently). Reporting.
 */
must_check int devlist_make(const struct plan_device_rule *rules, size_t n,
			    struct devices_list *ret);
/* A rule as v1's files take it: "c 1:3 rwm"; arena. */
const char *devlist_rule_text(const struct plan_device_rule *r);

#endif
