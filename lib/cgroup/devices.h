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
#include "plan/plan.h"

#include <linux/bpf.h>

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
/* The program for v2 (BPF_PROG_TYPE_CGROUP_DEVICE); arena; its length in *ret_n. */
struct bpf_insn *devprog_make(const struct plan_device_rule *rules, size_t n, size_t *ret_n);
/*
 * Loads the program and attaches it to the cgroup dir. fresh: nothing can be attached yet; else
 * it takes the place of what is attached there. Silent.
 */
must_check int devprog_attach(int dir, const struct bpf_insn *insns, size_t n, bool fresh);

#endif
