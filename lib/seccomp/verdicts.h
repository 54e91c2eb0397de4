/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers of a profile or a BPF program to every call of every architecture. Both have the same
 * form, so that they can be asked and compared:
 *
 *	canon_init(&canon);
 *	verdicts_of_policy(policy, &canon, &a);
 *	r = verdicts_of_program(&program, &canon, &b);
 *	if (verdicts_at(&a, AUDIT_ARCH_X86_64, 39) == verdicts_at(&b, AUDIT_ARCH_X86_64, 39))
 *		... both answer getpid(2) alike, whatever its arguments are
 */
#ifndef SECCOMP_VERDICTS_H
#define SECCOMP_VERDICTS_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"

/* Numbers (seccomp_data.nr) from `first` up to the next range. */
struct verdicts_range {
	uint32_t first;
	canon_ref decision;
};

/* One value of seccomp_data.arch; ranges[0].first is 0. */
struct verdicts_arch {
	uint32_t audit;
	size_t n;
	const struct verdicts_range *ranges;
};

struct verdicts {
	size_t n_archs;
	const struct verdicts_arch *archs; /* those that are not answered as `other` */
	struct verdicts_arch other;	   /* every other architecture; audit is 0 */
};

/* Of a profile. Arena. */
void verdicts_of_policy(const struct policy *policy, struct canon *canon, struct verdicts *ret);
/*
 * Of a program that lift() can read. `other` gets what the program answers to the lowest
 * AUDIT_ARCH_* value that is no architecture of ours; a program may distinguish between such
 * values, which is then lost. Reporting.
 */
must_check int verdicts_of_program(const struct bpf_program *program, struct canon *canon,
				   struct verdicts *ret);
/* Of two filters that are both installed: the stricter of both answers (seccomp(2)). Arena. */
void verdicts_join(struct canon *canon, const struct verdicts *a, const struct verdicts *b,
		   struct verdicts *ret);
/* Of two profiles: the looser or the stricter of both answers (canon_combine()). Arena. */
void verdicts_combine(struct canon *canon, bool looser, enum canon_tie tie,
		      const struct verdicts *a, const struct verdicts *b, struct verdicts *ret);
/* Whether both answer every call alike. */
bool verdicts_equal(const struct verdicts *a, const struct verdicts *b);

/* The ranges of an architecture: its own, or those of `other`. */
const struct verdicts_arch *verdicts_arch(const struct verdicts *v, uint32_t audit);
/* The decision about one call. */
canon_ref verdicts_at(const struct verdicts *v, uint32_t audit, uint32_t nr);

/* Numbers first..last that both answer alike throughout. */
struct verdicts_pair {
	uint32_t audit; /* 0: every architecture that neither names */
	uint32_t first, last;
	canon_ref a, b;
};

/* Calls visit for each stretch of numbers of each architecture that a or b names, then of the
 * others; ends early if it returns false. */
void verdicts_each(const struct verdicts *a, const struct verdicts *b,
		   bool (*visit)(void *ctx, const struct verdicts_pair *pair), void *ctx);

#endif
