/* SPDX-License-Identifier: Apache-2.0 */
/* Device rules as a BPF program of cgroup v2. */
#ifndef CGROUP_DEVPROG_H
#define CGROUP_DEVPROG_H

#include "base/base.h"
#include "plan/plan.h"

#include <linux/bpf.h>

/* Makes the program (BPF_PROG_TYPE_CGROUP_DEVICE) in the arena; *ret_n is its length. */
struct bpf_insn *devprog_make(const struct plan_device_rule *rules, size_t n, size_t *ret_n);
/*
 * Loads the program and attaches it to the cgroup `dir`. fresh: nothing can be attached yet;
 * otherwise it replaces what is attached. Silent.
 */
must_check int devprog_attach(int dir, const struct bpf_insn *insns, size_t n, bool fresh);

#endif
