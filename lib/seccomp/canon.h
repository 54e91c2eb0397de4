/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions in canonical form.
 *
 * A decision is a function of the bits of the six arguments whose result is an action. Its
 * canonical form is a reduced ordered binary decision diagram (Bryant 1986). Two functions are
 * equal if and only if their references are equal, however they were written. Example:
 *
 *     struct canon c;
 *
 *     canon_init(&c);
 *     canon_ref a = canon_decision(&c, first), b = canon_decision(&c, second);
 *     bool equal = !c.overflow && a == b;
 */
#ifndef SECCOMP_CANON_H
#define SECCOMP_CANON_H

#include "base/base.h"
#include "seccomp/decision.h"

typedef uint32_t canon_ref;

struct canon_node; /* private */

struct canon {
	uint32_t n;
	size_t room;
	struct canon_node *nodes;
	uint32_t *table; /* hash table of references by content, with room * 2 entries */
	struct canon_cache *cache;
	uint32_t n_restrictions;
	bool overflow; /* the diagram became too large: no reference may be used */
};

/* Initialises *c, in the arena. */
void canon_init(struct canon *c);
/* Returns the decision that always results in this action. */
canon_ref canon_leaf(struct canon *c, uint32_t action);
/* Returns the decision that is `yes` where the check holds and `no` elsewhere. */
canon_ref canon_check(struct canon *c, const struct check *check, canon_ref yes, canon_ref no);
/* Returns the canonical form of a decision of the policy. */
canon_ref canon_decision(struct canon *c, const struct decision *decision);
/*
 * Returns the decision that is everywhere the stricter of a and b. Of equally strict actions a's is
 * taken.
 */
canon_ref canon_stricter(struct canon *c, canon_ref a, canon_ref b);
/* Which of two equally strict actions is taken: they differ in the error, if at all. */
enum canon_tie {
	CANON_FIRST,   /* a's */
	CANON_SECOND,  /* b's */
	CANON_KNOWN,   /* an error other than ENOSYS, the answer to a call that is not known; or a's
			*/
	CANON_UNKNOWN, /* ENOSYS; or a's */
	CANON_TIES,
};
/* The decision that is everywhere the stricter, or the looser, of a and b. */
canon_ref canon_combine(struct canon *c, bool looser, enum canon_tie tie, canon_ref a, canon_ref b);
/* Stores arguments for which a and b differ, and the two actions. a and b must be different. */
void canon_witness(const struct canon *c, canon_ref a, canon_ref b, uint64_t args[6],
		   uint32_t action[2]);

/* Whether r is one action for all arguments, which *ret gets. */
bool canon_is_leaf(const struct canon *c, canon_ref r, uint32_t *ret);
/* r with `action` in place of each action that which() picks. */
canon_ref canon_replace(struct canon *c, canon_ref r, bool (*which)(uint32_t action),
			uint32_t action);
/* r for calls whose argument `index` has the bits of mask as in value. */
canon_ref canon_restrict(struct canon *c, canon_ref r, unsigned int index, uint64_t mask,
			 uint64_t value);

/* Calls whose argument i has the bits of mask[i] as in value[i], whatever the other bits are. */
struct canon_cube {
	uint64_t mask[6], value[6];
	uint32_t action[2]; /* what both diagrams answer to all of them */
};

/*
 * Divides all calls into disjoint cubes in which a has one answer and b has one, in rising order
 * of the arguments, and calls visit with each; with `differing` only with those for which the
 * answers are two. Ends early if visit returns false. For one diagram: a == b, not differing.
 */
void canon_each(const struct canon *c, canon_ref a, canon_ref b, bool differing,
		bool (*visit)(void *ctx, const struct canon_cube *cube), void *ctx);

/* Values of one argument, those with the bits of mask as in value, and what is decided of them. */
struct canon_part {
	unsigned int index;
	uint64_t mask, value;
	canon_ref rest; /* asks later arguments only */
};

/*
 * Divides r, which is no leaf, by the first argument that it asks: calls visit with disjoint parts,
 * of which several may have one `rest`. Ends early if visit returns false.
 */
void canon_split(const struct canon *c, canon_ref r,
		 bool (*visit)(void *ctx, const struct canon_part *part), void *ctx);

#endif
