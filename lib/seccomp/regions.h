/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decision as a list of regions of the arguments that a person can read: intervals where bits
 * from the top are fixed ("0 to 7"), masks elsewhere ("& 0x20000 == 0").
 */
#ifndef SECCOMP_REGIONS_H
#define SECCOMP_REGIONS_H

#include "base/base.h"
#include "seccomp/canon.h"

enum region_kind {
	REGION_ANY,   /* every value */
	REGION_RANGE, /* first to last of the value's low bits */
	REGION_BITS,  /* (value & mask) == first */
};

struct region_arg {
	enum region_kind kind;
	bool wide; /* RANGE: all 64 bits are compared; else the low 32 */
	uint64_t first, last, mask;
};

struct region {
	struct region_arg args[6];
	uint32_t action[2]; /* of both decisions */
};

struct regions {
	size_t n;
	const struct region *v; /* disjoint, in rising order */
	bool cut;		/* there are more than REGIONS_MAX: these are the first */
};

enum { REGIONS_MAX = 512 };

/* Of one decision (a == b), or of those calls that a and b answer differently. Arena. */
void regions_make(const struct canon *canon, canon_ref a, canon_ref b, struct regions *ret);

#endif
