/* SPDX-License-Identifier: Apache-2.0 */
/* Combines the rules about one system call into its decision. Equal decisions are stored once. */
#ifndef SECCOMP_CLAUSES_H
#define SECCOMP_CLAUSES_H

#include "base/base.h"
#include "seccomp/decision.h"
#include "seccomp/syscall.h"

/* A rule with conditions, for one of the calls that it names. */
struct written {
	const struct rule *rule;
	unsigned int id; /* id of the call, which determines the width of its parameters */
	uint32_t order;	 /* index of the rule in the profile */
	struct written *next;
};

/* All rules about one call. */
struct call {
	bool named;    /* a rule names it, even one that is skipped */
	bool defaults; /* an unconditional rule with the default action names it */
	/* another unconditional rule names it; action and order are those of the first */
	bool fixed;
	uint32_t action, order;
	struct written *first, **last;
};

/* A call with rules that a multiplexer offers as well. */
struct mux_call {
	const struct call *call;
	struct syscall_mux mux;
	const struct mux_call *next;
};

struct clauses {
	const struct profile *profile;
	bool compat;
	uint32_t n;
	size_t room;
	const struct decision **decisions; /* by id */
	const struct decision *last;	   /* the last result of clauses_constant() */
};

/* Initialises *c without decisions. The profile must outlive *c. */
void clauses_init(struct clauses *c, const struct profile *profile, bool compat_runc);
/* Returns the decision that always results in this action. */
const struct decision *clauses_constant(struct clauses *c, uint32_t action);
/*
 * Returns the decision for a number of that ABI from the rules about it (NULL: none) and, for a
 * multiplexer, the calls that it offers. Contradicting rules are an error. Reporting.
 */
must_check int clauses_decide(struct clauses *c, enum abi abi, const struct call *call,
			      const struct mux_call *subs, const struct decision **ret);

#endif
