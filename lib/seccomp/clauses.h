/* SPDX-License-Identifier: Apache-2.0 */
/* From the rules that name one call to its decision; decisions that are equal are one. */
#ifndef SECCOMP_CLAUSES_H
#define SECCOMP_CLAUSES_H

#include "base/base.h"
#include "seccomp/decision.h"
#include "seccomp/syscall.h"

/* A rule with conditions, as it names one call. */
struct written {
	const struct rule *rule;
	unsigned int id; /* of that name: its parameters' widths */
	uint32_t order;	 /* of the rule in the profile */
	struct written *next;
};

/* All rules about one call. */
struct call {
	bool named;    /* by any rule, even one that is skipped */
	bool defaults; /* by an unconditional one whose action is the default's */
	bool fixed;    /* there is an unconditional one besides; the first of them: */
	uint32_t action, order;
	struct written *first, **last;
};

/* A call with rules that a multiplexer offers. */
struct mux_call {
	const struct call *call;
	struct syscall_mux mux;
	const struct mux_call *next;
};

struct clauses {
	const struct profile *profile;
	bool compat;
	uint32_t n, room;
	const struct decision **decisions; /* by id */
	const struct decision *last;	   /* constant */
};

/* No decisions yet; profile is borrowed. */
void clauses_init(struct clauses *c, const struct profile *profile, bool compat_runc);
/* The decision that always is that action. */
const struct decision *clauses_constant(struct clauses *c, uint32_t action);
/* The decision of a number of that ABI: rules about it (NULL: none) and, for a multiplexer,
 * what it offers. Reporting: rules that contradict. */
must_check int clauses_decide(struct clauses *c, enum abi abi, const struct call *call,
			      const struct mux_call *subs, const struct decision **ret);

#endif
