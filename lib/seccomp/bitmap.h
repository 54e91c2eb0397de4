/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's bitmap of calls that a filter always allows. For these the kernel does not run the
 * filter (kernel/seccomp.c, seccomp_cache_prepare(), since Linux 5.11).
 */
#ifndef SECCOMP_BITMAP_H
#define SECCOMP_BITMAP_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/emit.h"

enum bitmap_answer {
	BITMAP_SERVES,
	BITMAP_NOT_ALLOWED,  /* the answer is not ALLOW, or depends on the arguments */
	BITMAP_READS_MORE,   /* the way to ALLOW reads more than number and architecture */
	BITMAP_HAS_NO_NUMBER /* the bitmap has no such number: x32's, those above the last call */
};

/*
 * Whether a kernel of that architecture answers the call by the bitmap if this is the only filter.
 * nr is as in seccomp_data.nr. The program must have passed bpf_first_bad().
 */
enum bitmap_answer bitmap_serves(const struct bpf_program *program, enum abi abi, uint32_t nr);

#endif
