/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the last check of a program before it is loaded. The policy's decisions, and what lift()
 * found in the instructions, are converted to the same canonical form and compared: for each
 * architecture, each interval of numbers. So a mistake in building or writing the program, such as
 * a wrong jump, prevents the container from starting.
 */
#include "seccomp/prove.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/lift.h"

#include <errno.h>

struct proof {
	const struct policy *policy;
	const char *place;
	struct canon canon;
	struct lifted lifted;
	canon_ref *wanted; /* by id of the decision */
	canon_ref bad_arch;
};

static int differ(const struct proof *p, uint32_t arch, uint32_t nr, canon_ref wanted,
		  canon_ref found)
{
	uint64_t a[6];
	uint32_t action[2];

	canon_witness(&p->canon, wanted, found, a, action);
	return fail(0,
		    "%s: the filter is wrong: arch 0x%x, number %u, arguments 0x%llx "
		    "0x%llx 0x%llx "
		    "0x%llx 0x%llx 0x%llx: the profile says %s, the filter %s",
		    p->place, arch, nr, (unsigned long long)a[0], (unsigned long long)a[1],
		    (unsigned long long)a[2], (unsigned long long)a[3], (unsigned long long)a[4],
		    (unsigned long long)a[5], bpf_action(action[0]), bpf_action(action[1]));
}

/* Walks both lists of ranges, divided at the boundaries of either. */
static int compare_numbers(const struct proof *p, const struct lifted_arch *got, uint32_t arch,
			   const struct policy_range *want, size_t n_want)
{
	const struct lifted_range *have = &p->lifted.ranges[got->start];
	size_t i = 0, j = 0;

	for (uint32_t nr = 0;;) {
		canon_ref wanted = want ? p->wanted[want[i].decision->id] : p->bad_arch;
		bool more_i = want && i + 1 < n_want, more_j = j + 1 < got->n;

		if (wanted != have[j].decision)
			return differ(p, arch, nr, wanted, have[j].decision);
		if (!more_i && !more_j)
			return 0;
		if (more_i && (!more_j || want[i + 1].first <= have[j + 1].first))
			nr = want[i + 1].first;
		else
			nr = have[j + 1].first;
		i += more_i && want[i + 1].first == nr;
		j += more_j && have[j + 1].first == nr;
	}
}

static const struct policy_arch *arch_of(const struct policy *policy, uint32_t audit)
{
	for (size_t i = 0; i < policy->n_archs; i++)
		if (policy->archs[i].audit == audit)
			return &policy->archs[i];
	return NULL;
}

/*
 * Compares one interval of architectures that the program treats alike. Architectures of the policy
 * in it are compared with their own decisions, all others with the action for foreign
 * architectures.
 */
static int compare_archs(const struct proof *p, size_t i)
{
	const struct lifted_arch *got = &p->lifted.archs[i];
	uint64_t next = i + 1 < p->lifted.n_archs ? got[1].first : UINT64_C(1) << 32;
	uint64_t left = next - got->first;

	for (size_t j = 0; j < p->policy->n_archs; j++) {
		const struct policy_arch *arch = &p->policy->archs[j];

		if (arch->audit < got->first || arch->audit >= next)
			continue;
		if (compare_numbers(p, got, arch->audit, arch->ranges, arch->n_ranges) < 0)
			return -EINVAL;
		left--;
	}
	uint32_t foreign = got->first;

	while (left && arch_of(p->policy, foreign))
		foreign++;
	return left ? compare_numbers(p, got, foreign, NULL, 0) : 0;
}

int prove(const struct policy *policy, const struct bpf_program *program, const char *place)
{
	struct proof p = { .policy = policy, .place = place };

	canon_init(&p.canon);
	p.wanted = arena_array(policy->n_decisions, sizeof(*p.wanted));
	p.bad_arch = canon_leaf(&p.canon, policy->bad_arch);
	for (uint32_t i = 0; i < policy->n_decisions; i++)
		p.wanted[i] = canon_decision(&p.canon, policy->decisions[i]);
	if (p.canon.overflow)
		return fail(0, "%s: the conditions are too complex for the proof", place);
	int r = lift(program, &p.canon, &p.lifted);

	if (r < 0)
		return wrap(r, "%s", place);
	for (size_t i = 0; i < p.lifted.n_archs && r == 0; i++)
		r = compare_archs(&p, i);
	return r;
}
