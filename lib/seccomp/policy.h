/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision of a profile for every architecture and number: what the filter has to do, in
 * full, before anybody thinks of instructions.
 */
#ifndef SECCOMP_POLICY_H
#define SECCOMP_POLICY_H

#include "base/base.h"
#include "seccomp/decision.h"

#include <linux/seccomp.h>

/* From that number up to the next range. */
struct policy_range {
	uint32_t first; /* seccomp_data.nr; x32's have bit 30 */
	const struct decision *decision;
};

/* All that share one AUDIT_ARCH_* (x86_64 and x32 do); ranges[0].first is 0. */
struct policy_arch {
	uint32_t audit;
	size_t n_ranges;
	const struct policy_range *ranges;
};

struct policy {
	uint32_t bad_arch; /* the action for every other architecture */
	uint32_t n_decisions;
	size_t n_archs; /* the native one first */
	const struct policy_arch *archs;
	const struct decision *const *decisions; /* by id */
};

/* native: the architecture of the kernel, decided whether or not the profile lists it.
 * compat_runc: as runc with libseccomp would. Reporting: two rules that contradict. */
must_check int policy_make(const struct profile *profile, enum abi native, bool compat_runc,
			   const struct policy **ret);
/* What the profile says of that call. By definition. */
uint32_t policy_verdict(const struct policy *policy, const struct seccomp_data *data);

#endif
