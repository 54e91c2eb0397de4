/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seccomp instructions that allow system calls with exact arguments.
 *
 *     const struct exact_call calls[] = {
 *             { .nr = SYS_close, .args = { EXACT_INT(7) } },
 *             { .nr = SYS_exit_group, .args = { { EXACT_ANY, 0 } } },
 *     };
 *     struct sock_filter code[EXACT_CODE_MAX(2) + 1];
 *     size_t n = exact_emit(calls, 2, code);
 *     code[n++] = ...what answers every other call...
 */
#ifndef PROCESS_EXACT_H
#define PROCESS_EXACT_H

#include "base/base.h"

#include <linux/filter.h>

enum exact_width {
	EXACT_ANY, /* any value is accepted */
	EXACT_32,  /* the kernel reads the low 32 bits only: an int, a file descriptor, flags */
	EXACT_64,  /* a pointer or a long */
};

struct exact_call {
	long nr; /* number on the architecture of this build */
	struct {
		enum exact_width width;
		uint64_t value;
	} args[6];
};

#define EXACT_INT(v)                    \
	{                               \
		EXACT_32, (uint32_t)(v) \
	}
#define EXACT_LONG(v)                   \
	{                               \
		EXACT_64, (uint64_t)(v) \
	}
#define EXACT_POINTER(p)                           \
	{                                          \
		EXACT_64, (uint64_t)(uintptr_t)(p) \
	}

/* Upper bound of instructions for n calls. A 64-bit argument takes four. */
#define EXACT_CODE_MAX(n) (3 + (n) * (3 + 6 * 4))

/*
 * Writes instructions that return SECCOMP_RET_ALLOW for each of the n calls on the architecture of
 * this build. For any other call execution continues behind the last instruction, with an undefined
 * accumulator. Returns the number of instructions, at most EXACT_CODE_MAX(n).
 */
size_t exact_emit(const struct exact_call *calls, size_t n, struct sock_filter *out);
/*
 * Whether the program returns SECCOMP_RET_ALLOW for each of the n calls. An EXACT_ANY argument is
 * tried as 0.
 */
bool exact_is_allowed(const struct exact_call *calls, size_t n, const struct sock_filter *code,
		      size_t len);

#endif
