/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of readers and writers: whether two profiles give the same answer to every call. */
#ifndef TEST_UNIT_SECCOMP_SAME_H
#define TEST_UNIT_SECCOMP_SAME_H

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/canon.h"
#include "seccomp/policy.h"
#include "unit/tap.h"

/* Compares the ranges of both in parallel. */
static inline bool same_arch(struct canon *c, const struct policy_arch *a,
			     const struct policy_arch *b)
{
	size_t i = 0, j = 0;

	while (a->audit == b->audit) {
		bool last_a = i + 1 == a->n_ranges, last_b = j + 1 == b->n_ranges;
		uint32_t next_a = last_a ? 0 : a->ranges[i + 1].first;
		uint32_t next_b = last_b ? 0 : b->ranges[j + 1].first;

		if (canon_decision(c, a->ranges[i].decision) !=
		    canon_decision(c, b->ranges[j].decision))
			return false;
		if (last_a && last_b)
			return true;
		i += !last_a && (last_b || next_a <= next_b);
		j += !last_b && (last_a || next_b <= next_a);
	}
	return false;
}

/* Records one test point. */
__attribute__((unused)) static bool same_profiles(const struct profile *a, const struct profile *b,
						  enum abi native, const char *what)
{
	const struct policy *p, *q;
	struct canon c;
	bool same;

	err_clear();
	if (policy_make(a, native, false, &p) < 0 || policy_make(b, native, false, &q) < 0)
		return ok(false, "%s: %s", what, err_message());
	canon_init(&c);
	same = p->n_archs == q->n_archs && p->bad_arch == q->bad_arch;
	for (size_t i = 0; same && i < p->n_archs; i++)
		same = same_arch(&c, &p->archs[i], &q->archs[i]);
	return ok(same && !c.overflow && a->set_flags == b->set_flags && a->flags == b->flags,
		  "%s: gives the same answers", what);
}

#endif
