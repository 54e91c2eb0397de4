/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decision as a list of regions of the arguments that a person can read: intervals where bits
 * from the top are fixed ("0 to 7"), masks elsewhere ("& 0x20000 == 0"). What is asked of the upper
 * 32 bits apart from the lower ones is two conditions: filters that compare 64 bits of a parameter
 * of which the kernel reads 32 lead to these.
 */
#ifndef SECCOMP_REGIONS_H
#define SECCOMP_REGIONS_H

#include "base/base.h"
#include "seccomp/canon.h"

enum region_kind {
	REGION_ANY,    /* every value */
	REGION_RANGE,  /* first to last of the value's low bits */
	REGION_BITS,   /* (value & mask) == first; the mask has low bits only */
	REGION_HALVES, /* both the upper and the lower 32 bits of the value as stated */
};

/* What 32 bits must be: first to last, or if there is a mask (bits & mask) == first. */
struct region_half {
	uint32_t mask, first, last;
};

struct region_arg {
	enum region_kind kind;
	bool wide; /* RANGE: all 64 bits are compared; else the low 32 */
	uint64_t first, last, mask;
	struct region_half upper, lower; /* HALVES */
};

struct region {
	struct region_arg args[6];
	uint32_t action[2]; /* of both decisions */
};

struct regions {
	size_t n;
	const struct region *v; /* disjoint, in rising order of their first values */
	bool cut;		/* there are more: these are the first */
};

enum { REGIONS_MAX = 512 };

/* The region that is one cube. */
struct region regions_of_cube(const struct canon_cube *cube);
/*
 * What a condition asks of the upper and of the lower 32 bits, if that can be said of each alone;
 * false if not ("5 to 0x100000007").
 */
bool regions_halves(const struct region_arg *arg, struct region_half *upper,
		    struct region_half *lower);
/* Whether nothing is asked of the 32 bits. */
bool regions_half_is_any(const struct region_half *half);
/* Of one decision (a == b), or of those calls that a and b answer differently. Arena. */
void regions_make(const struct canon *canon, canon_ref a, canon_ref b, struct regions *ret);

#endif
