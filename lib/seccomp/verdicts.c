/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the form in which profiles and programs are compared. What must hold: a list of ranges
 * covers all 2^32 numbers, and no architecture is left out: what no list names is in `other`.
 */
#include "seccomp/verdicts.h"

#include "base/arena.h"
#include "seccomp/arch.h"
#include "seccomp/lift.h"

void verdicts_of_policy(const struct policy *policy, struct canon *canon, struct verdicts *ret)
{
	struct verdicts_arch *archs = arena_array(policy->n_archs, sizeof(*archs));
	canon_ref *refs = arena_array(policy->n_decisions, sizeof(*refs));
	struct verdicts_range *other = arena_alloc(sizeof(*other));

	for (uint32_t i = 0; i < policy->n_decisions; i++)
		refs[i] = canon_decision(canon, policy->decisions[i]);
	for (size_t i = 0; i < policy->n_archs; i++) {
		const struct policy_arch *from = &policy->archs[i];
		struct verdicts_range *ranges = arena_array(from->n_ranges, sizeof(*ranges));

		for (size_t j = 0; j < from->n_ranges; j++)
			ranges[j] = (struct verdicts_range){ from->ranges[j].first,
							     refs[from->ranges[j].decision->id] };
		archs[i] = (struct verdicts_arch){ from->audit, from->n_ranges, ranges };
	}
	*other = (struct verdicts_range){ 0, canon_leaf(canon, policy->bad_arch) };
	*ret = (struct verdicts){ policy->n_archs, archs, { 0, 1, other } };
}

static struct verdicts_arch copy_arch(const struct lifted *l, size_t i, uint32_t audit)
{
	const struct lifted_arch *from = &l->archs[i];
	struct verdicts_range *ranges = arena_array(from->n, sizeof(*ranges));

	for (size_t j = 0; j < from->n; j++)
		ranges[j] = (struct verdicts_range){ l->ranges[from->start + j].first,
						     l->ranges[from->start + j].decision };
	return (struct verdicts_arch){ audit, from->n, ranges };
}

/* The interval that this architecture is in. */
static size_t interval_of(const struct lifted *l, uint32_t audit)
{
	size_t i = 0;

	while (i + 1 < l->n_archs && l->archs[i + 1].first <= audit)
		i++;
	return i;
}

static bool same_ranges(const struct verdicts_arch *a, const struct verdicts_arch *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->ranges[i].first != b->ranges[i].first ||
		    a->ranges[i].decision != b->ranges[i].decision)
			return false;
	return true;
}

int verdicts_of_program(const struct bpf_program *program, struct canon *canon,
			struct verdicts *ret)
{
	struct verdicts_arch *archs = arena_array(ABI_COUNT, sizeof(*archs));
	struct lifted l;
	uint32_t stranger = 0;
	int r = lift(program, canon, &l);

	if (r < 0)
		return r;
	while (arch_is_known(stranger))
		stranger++;
	*ret = (struct verdicts){ .archs = archs,
				  .other = copy_arch(&l, interval_of(&l, stranger), 0) };
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		uint32_t audit = arch_abi(abi)->audit;
		struct verdicts_arch arch = copy_arch(&l, interval_of(&l, audit), audit);
		bool seen = same_ranges(&arch, &ret->other);

		for (size_t i = 0; i < ret->n_archs; i++)
			seen |= archs[i].audit == audit;
		if (!seen)
			archs[ret->n_archs++] = arch;
	}
	return 0;
}

const struct verdicts_arch *verdicts_arch(const struct verdicts *v, uint32_t audit)
{
	for (size_t i = 0; i < v->n_archs; i++)
		if (v->archs[i].audit == audit)
			return &v->archs[i];
	return &v->other;
}

canon_ref verdicts_at(const struct verdicts *v, uint32_t audit, uint32_t nr)
{
	const struct verdicts_arch *arch = verdicts_arch(v, audit);
	size_t low = 0, high = arch->n;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (arch->ranges[middle].first <= nr)
			low = middle;
		else
			high = middle;
	}
	return arch->ranges[low].decision;
}

/* Both lists, cut where either begins another range. False: visit ended it. */
static bool each_number(uint32_t audit, const struct verdicts_arch *a,
			const struct verdicts_arch *b,
			bool (*visit)(void *ctx, const struct verdicts_pair *pair), void *ctx)
{
	size_t i = 0, j = 0;

	for (uint64_t nr = 0; nr <= UINT32_MAX;) {
		uint64_t next_a = i + 1 < a->n ? a->ranges[i + 1].first : UINT64_C(1) << 32;
		uint64_t next_b = j + 1 < b->n ? b->ranges[j + 1].first : UINT64_C(1) << 32;
		uint64_t next = next_a < next_b ? next_a : next_b;
		const struct verdicts_pair pair = { audit, (uint32_t)nr, (uint32_t)(next - 1),
						    a->ranges[i].decision, b->ranges[j].decision };

		if (!visit(ctx, &pair))
			return false;
		i += next == next_a;
		j += next == next_b;
		nr = next;
	}
	return true;
}

void verdicts_each(const struct verdicts *a, const struct verdicts *b,
		   bool (*visit)(void *ctx, const struct verdicts_pair *pair), void *ctx)
{
	for (size_t i = 0; i < a->n_archs; i++)
		if (!each_number(a->archs[i].audit, &a->archs[i],
				 verdicts_arch(b, a->archs[i].audit), visit, ctx))
			return;
	for (size_t i = 0; i < b->n_archs; i++)
		if (verdicts_arch(a, b->archs[i].audit) == &a->other &&
		    !each_number(b->archs[i].audit, &a->other, &b->archs[i], visit, ctx))
			return;
	(void)each_number(0, &a->other, &b->other, visit, ctx);
}

static bool same_pair(void *ctx, const struct verdicts_pair *pair)
{
	bool *equal = ctx;

	*equal = pair->a == pair->b;
	return *equal;
}

bool verdicts_equal(const struct verdicts *a, const struct verdicts *b)
{
	bool equal = true;

	verdicts_each(a, b, same_pair, &equal);
	return equal;
}

/* --- two filters -------------------------------------------------------------------------- */

struct joining {
	struct canon *canon;
	bool looser;
	enum canon_tie tie;
	size_t n;
	struct verdicts_range *ranges;
};

static bool join_pair(void *ctx, const struct verdicts_pair *pair)
{
	struct joining *j = ctx;
	canon_ref decision = canon_combine(j->canon, j->looser, j->tie, pair->a, pair->b);

	if (j->n == 0 || j->ranges[j->n - 1].decision != decision)
		j->ranges[j->n++] = (struct verdicts_range){ pair->first, decision };
	return true;
}

static struct verdicts_arch join_arch(struct joining j, uint32_t audit,
				      const struct verdicts_arch *a, const struct verdicts_arch *b)
{
	j.ranges = arena_array(a->n + b->n, sizeof(*j.ranges));
	(void)each_number(audit, a, b, join_pair, &j);
	return (struct verdicts_arch){ audit, j.n, j.ranges };
}

void verdicts_combine(struct canon *canon, bool looser, enum canon_tie tie,
		      const struct verdicts *a, const struct verdicts *b, struct verdicts *ret)
{
	struct verdicts_arch *archs = arena_array(a->n_archs + b->n_archs + 1, sizeof(*archs));
	const struct joining j = { .canon = canon, .looser = looser, .tie = tie };
	size_t n = 0;

	for (size_t i = 0; i < a->n_archs; i++)
		archs[n++] = join_arch(j, a->archs[i].audit, &a->archs[i],
				       verdicts_arch(b, a->archs[i].audit));
	for (size_t i = 0; i < b->n_archs; i++)
		if (verdicts_arch(a, b->archs[i].audit) == &a->other)
			archs[n++] = join_arch(j, b->archs[i].audit, &a->other, &b->archs[i]);
	*ret = (struct verdicts){ n, archs, join_arch(j, 0, &a->other, &b->other) };
}

void verdicts_join(struct canon *canon, const struct verdicts *a, const struct verdicts *b,
		   struct verdicts *ret)
{
	verdicts_combine(canon, false, CANON_FIRST, a, b, ret);
}
