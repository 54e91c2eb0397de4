/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions in canonical form: a function of the bits of the six arguments as a reduced
 * ordered decision diagram whose leaves are actions (Bryant 1986). Two functions are equal
 * if and only if they are the same reference, however they were written.
 */
#ifndef SECCOMP_CANON_H
#define SECCOMP_CANON_H

#include "base/base.h"
#include "seccomp/decision.h"

typedef uint32_t canon_ref;

struct canon_node; /* private */

struct canon {
	uint32_t n, room;
	struct canon_node *nodes;
	uint32_t *table; /* of references by content; room * 2 of them */
	struct canon_cache *cache;
	bool overflow; /* too complex to be judged: all references are worthless */
};

/* Nothing in it but room; arena. */
void canon_init(struct canon *c);
/* The decision that is always this action. */
canon_ref canon_leaf(struct canon *c, uint32_t action);
/* yes where the check holds, no elsewhere. */
canon_ref canon_check(struct canon *c, const struct check *check, canon_ref yes, canon_ref no);
/* A decision of the policy in canonical form: equal ones have equal references. */
canon_ref canon_decision(struct canon *c, const struct decision *decision);
/* The decision that everywhere is the stricter of both; of equals a's. */
canon_ref canon_stricter(struct canon *c, canon_ref a, canon_ref b);
/* Arguments for which a and b differ, and the two actions; a and b must differ. */
void canon_witness(const struct canon *c, canon_ref a, canon_ref b, uint64_t args[6],
		   uint32_t action[2]);

#endif
