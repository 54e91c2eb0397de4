/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions that must all hold, as rules. A rule of a profile asks each argument once at most
 * (a repeated index means "or") and compares all of a register; other formats say "arg0 >= 3
 * && arg0 <= 5" and compare low halves. What one rule cannot say several can: they are the
 * disjoint parts of the set of arguments that is meant.
 */
#ifndef SECCOMP_CONJUNCTION_H
#define SECCOMP_CONJUNCTION_H

#include "seccomp/profile.h"

enum { CONJUNCTION_MAX = 1024 }; /* rules that one conjunction may come to */

/* One of the conditions. */
struct conjunction_term {
	struct condition condition;
	bool low;    /* compares the low 32 bits only */
	bool negate; /* holds where the condition does not; MASKED_EQ only */
};

/* What one rule says. */
struct conjunction_part {
	uint32_t n;
	const struct condition *conditions;
};

struct conjunction {
	size_t n; /* 0: never */
	const struct conjunction_part *parts;
};

/*
 * narrow: bit i is set if the kernel reads 32 bits of argument i (syscall_narrow()), which are
 * then all that is compared. In the arena. Silent: -E2BIG if there would be more than
 * CONJUNCTION_MAX parts.
 */
must_check int conjunction_make(const struct conjunction_term *terms, size_t n, uint8_t narrow,
				struct conjunction *ret);

#endif
