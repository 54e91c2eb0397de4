/* SPDX-License-Identifier: Apache-2.0 */
/* What a program does, in canonical form, found by reading its instructions. */
#ifndef SECCOMP_LIFT_H
#define SECCOMP_LIFT_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"

/* Numbers from `first` up to the next range of the same architectures. */
struct lifted_range {
	uint32_t first;
	canon_ref decision;
};

/* Architectures from `first` up to the next; ranges [start, start + n), in order, from 0. */
struct lifted_arch {
	uint32_t first;
	size_t start, n;
};

struct lifted {
	size_t n_archs, arch_room, n_ranges, range_room;
	struct lifted_arch *archs;
	struct lifted_range *ranges;
};

/*
 * Reads programs that look at the architecture first, then at the number, then at the
 * arguments, by comparisons with constants: what we and libseccomp write; and two such in a row.
 * Anything else is refused, -EINVAL, with the instruction. Reporting.
 */
must_check int lift(const struct program *program, struct canon *canon, struct lifted *ret);

#endif
