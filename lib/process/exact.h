/* SPDX-License-Identifier: Apache-2.0 */
/* System calls with exact arguments, as instructions of a seccomp filter. */
#ifndef PROCESS_EXACT_H
#define PROCESS_EXACT_H

#include "base/base.h"

#include <linux/filter.h>

enum exact_width {
	EXACT_ANY, /* the argument may be anything */
	EXACT_32,  /* the kernel reads the low 32 bits of it: an int, a descriptor, flags */
	EXACT_64,  /* a pointer, a long */
};

struct exact_call {
	long nr; /* of the architecture that we are built for */
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

/* Instructions that n calls take at most: arguments of 64 bits take four. */
#define EXACT_CODE_MAX(n) (3 + (n) * (3 + 6 * 4))

/*
 * Writes instructions that answer SECCOMP_RET_ALLOW to each of the n calls on the architecture
 * that we are built for. Every other call goes on behind the last instruction, with an
 * undefined accumulator. Returns how many instructions were written: at most EXACT_CODE_MAX(n).
 */
size_t exact_emit(const struct exact_call *calls, size_t n, struct sock_filter *out);
/* Whether the program answers SECCOMP_RET_ALLOW to each of the n calls; an argument that may be
 * anything counts as 0. */
bool exact_is_allowed(const struct exact_call *calls, size_t n, const struct sock_filter *code,
		      size_t len);

#endif
