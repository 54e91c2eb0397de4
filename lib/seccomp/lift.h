/* SPDX-License-Identifier: Apache-2.0 */
/* Determines what a program does by analysing its instructions. The result is in canonical form. */
#ifndef SECCOMP_LIFT_H
#define SECCOMP_LIFT_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"

/* The numbers from `first` to the next range of the same architectures. */
struct lifted_range {
	uint32_t first;
	canon_ref decision;
};

/*
 * The architectures from `first` to the next entry; their ranges are [start, start + n), in
 * ascending order from 0.
 */
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
 * Analyses a program that checks the architecture first, then the number, then the arguments, each
 * by comparison with constants. tamis and libseccomp write such programs; two of them in sequence
 * are accepted, too. Any other program is refused with -EINVAL and the instruction. Reporting.
 */
must_check int lift(const struct bpf_program *program, struct canon *canon, struct lifted *ret);

#endif
