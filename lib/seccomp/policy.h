/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision of a profile for every architecture and number. A policy defines completely what the
 * filter has to do, independent of instructions. Example:
 *
 *     const struct policy *policy;
 *
 *     r = policy_make(profile, ABI_X86_64, false, &policy);
 *     uint32_t action = policy_verdict(policy, &data);
 */
#ifndef SECCOMP_POLICY_H
#define SECCOMP_POLICY_H

#include "base/base.h"
#include "seccomp/decision.h"

#include <linux/seccomp.h>

/* The numbers from `first` to the next range. */
struct policy_range {
	uint32_t first; /* value of seccomp_data.nr; x32's have bit 30 set */
	const struct decision *decision;
};

/* The ABIs that share one AUDIT_ARCH_*, such as x86_64 and x32. ranges[0].first is 0. */
struct policy_arch {
	uint32_t audit;
	size_t n_ranges;
	const struct policy_range *ranges;
};

struct policy {
	uint32_t bad_arch; /* action for every other architecture */
	uint32_t n_decisions;
	size_t n_archs; /* the native one is the first */
	const struct policy_arch *archs;
	const struct decision *const *decisions; /* by id */
};

/*
 * Makes the policy of a profile. native: the architecture of the kernel, which is included whether
 * or not the profile lists it. compat_runc: decide as runc with libseccomp. Contradicting rules are
 * an error. Reporting.
 */
must_check int policy_make(const struct profile *profile, enum abi native, bool compat_runc,
			   const struct policy **ret);
/*
 * Returns the decision for a number (seccomp_data.nr) of that AUDIT_ARCH_*; NULL: the policy does
 * not have the architecture, whose action is bad_arch.
 */
const struct decision *policy_decision(const struct policy *policy, uint32_t audit, uint32_t nr);
/* Returns the action for a call. This defines the meaning of the policy. */
uint32_t policy_verdict(const struct policy *policy, const struct seccomp_data *data);

#endif
