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
 * Analyses a program that loads words of struct seccomp_data, masks them and compares them with
 * constants, in any order. That is what tamis, libseccomp, minijail, Chrome's sandbox, seccompiler
 * and programs written by hand do. Any other program is refused with -EINVAL and the instruction:
 * one that calculates otherwise (ALU but AND, the index register, scratch memory), that asks for
 * the address of the call, or that would take too long. Reporting.
 */
must_check int lift(const struct bpf_program *program, struct canon *canon, struct lifted *ret);

#endif
