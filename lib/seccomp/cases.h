/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decision as cases that rules can say: under these conditions on the arguments this action. A
 * case asks each argument once at most, as a rule does. Example, of "ERRNO(1) if argument 0 is 40,
 * else ALLOW" with otherwise ERRNO(1): one case, ALLOW if argument 0 is not 40.
 */
#ifndef SECCOMP_CASES_H
#define SECCOMP_CASES_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/profile.h"

enum { CASES_MAX = 1024 };

/*
 * How intervals are written. On a 32-bit architecture a value of more than 32 bits makes a
 * condition hold always or never, so that spellings that are equal on 64 bits differ there.
 */
enum cases_spelling {
	CASES_AT_MOST_AT_LEAST, /* LE and GE, NE where one value is left out */
	CASES_BELOW_ABOVE,	/* LT and GT */
	CASES_AT_MOST_ABOVE,
	CASES_BELOW_AT_LEAST,
	CASES_MASKED, /* MASKED_EQ only */
	/*
	 * For runc and crun, which compare all 64 bits of a parameter of which the kernel reads 32:
	 * no condition holds for a value with other bits. MASKED_EQ only if the decision asks
	 * several arguments (cases_are_sound()).
	 */
	CASES_WHOLE,
	CASES_SPELLINGS,
};

struct cases_one {
	uint32_t action;
	uint32_t n_conditions;
	const struct condition *conditions; /* in order of the arguments */
};

struct cases {
	size_t n;
	const struct cases_one *v; /* disjoint; what they leave gets `otherwise` */
};

/*
 * Divides r. narrow: bit i is set if argument i is compared on 32 bits (syscall_narrow()); r must
 * not depend on the upper bits of such arguments. Arena. Silent: -E2BIG if there are more than
 * CASES_MAX cases.
 */
must_check int cases_make(const struct canon *canon, canon_ref r, uint32_t otherwise,
			  uint8_t narrow, enum cases_spelling spelling, struct cases *ret);

/*
 * Whether libseccomp 2.5.4 can compile rules that say these cases of one call. It does not end if
 * below an inequality about one argument there are an inequality and an equality about another.
 */
bool cases_are_sound(const struct cases *cases);

/* The rules of a new profile. Calls with the same case share a rule, whose names have `room`. */
struct cases_rules {
	size_t n, room;
	struct cases_rule {
		struct rule rule;
		size_t room;
	} * v;
};

/* Adds a case of a call. Arena. Silent: -E2BIG if there are too many rules for a profile. */
must_check int cases_rules_add(struct cases_rules *rules, const struct cases_one *one,
			       const char *call);

#endif
