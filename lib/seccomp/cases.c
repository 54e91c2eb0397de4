/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a decision diagram to conditions. The diagram asks one argument after the
 * other. The values of one argument that lead to the same rest are taken together: a few intervals
 * or masks, each of which is one condition. So the number of cases is the product of those numbers
 * along a path, not the number of paths through the bits.
 */
#include "seccomp/cases.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

enum { ARGS = 6, PARTS_MAX = 4096, RULES_MAX = 4096 };

/* Values of one argument: (value & mask) == want. */
struct cube {
	uint64_t mask, want;
};

struct interval {
	uint64_t first, last;
};

/* The values of one argument that lead to one rest. */
struct group {
	canon_ref rest;
	size_t n, room;
	struct cube *cubes;
	struct group *next;
};

/* Of one argument: groups in order of their first value. */
struct groups {
	unsigned int index;
	size_t n_parts;
	bool cut;
	struct group *first, **last;
};

struct conditions {
	size_t n, room;
	struct condition *v;
};

struct builder {
	const struct canon *canon;
	uint32_t otherwise;
	uint8_t narrow;
	enum cases_spelling spelling;
	bool masked; /* as CASES_MASKED, beside the spelling */
	struct condition path[ARGS];
	uint32_t depth;
	size_t n, room;
	struct cases_one *v;
};

/* --- one argument ------------------------------------------------------------------------- */

static bool note_part(void *ctx, const struct canon_part *part)
{
	struct groups *all = ctx;
	struct group *g = all->first;

	if (all->n_parts++ == PARTS_MAX) {
		all->cut = true;
		return false;
	}
	all->index = part->index;
	while (g && g->rest != part->rest)
		g = g->next;
	if (!g) {
		g = arena_alloc(sizeof(*g));
		g->rest = part->rest;
		*(all->last ? all->last : &all->first) = g;
		all->last = &g->next;
	}
	g->cubes = arena_grow(g->cubes, g->n, &g->room, sizeof(*g->cubes));
	g->cubes[g->n++] = (struct cube){ part->mask, part->value };
	return true;
}

static void add(struct conditions *to, uint8_t index, enum seccomp_op op, uint64_t value,
		uint64_t two)
{
	to->v = arena_grow(to->v, to->n, &to->room, sizeof(*to->v));
	to->v[to->n++] = (struct condition){ index, op, value, two };
}

/* Whether the mask has bits from the top down only. */
static bool is_prefix(uint64_t mask, uint64_t max)
{
	uint64_t low = max & ~mask;

	return (low & (low + 1)) == 0;
}

/* The largest aligned blocks from the left. */
static void add_blocks(struct conditions *to, uint8_t index, struct interval in, uint64_t max)
{
	for (;;) {
		uint64_t block = 0; /* the bits that are free */

		while (block != max && !(in.first & (block << 1 | 1)) &&
		       in.last - in.first >= (block << 1 | 1))
			block = block << 1 | 1;
		add(to, index, SECCOMP_OP_MASKED_EQ, max & ~block, in.first);
		if (in.last - in.first == block)
			return;
		in.first += block + 1;
	}
}

/* Whether values with bits that the kernel does not read are to be excluded. */
static bool is_whole(uint64_t max, enum cases_spelling spelling)
{
	return spelling == CASES_WHOLE && max == UINT32_MAX;
}

static void add_interval(struct conditions *to, uint8_t index, struct interval in, uint64_t max,
			 const struct builder *b)
{
	const enum cases_spelling spelling = b->spelling;
	bool below = spelling == CASES_BELOW_ABOVE || spelling == CASES_BELOW_AT_LEAST;
	bool above = spelling == CASES_BELOW_ABOVE || spelling == CASES_AT_MOST_ABOVE;

	/* what has no inequality that says it */
	bool closed = (in.first == 0) == (in.last == max) || (in.first && is_whole(max, spelling));

	if (b->masked || (in.first != in.last && closed))
		add_blocks(to, index, in, max);
	else if (in.first == in.last)
		add(to, index, SECCOMP_OP_EQ, in.first, 0);
	else if (in.first == 0)
		add(to, index, below ? SECCOMP_OP_LT : SECCOMP_OP_LE, in.last + below, 0);
	else
		add(to, index, above ? SECCOMP_OP_GT : SECCOMP_OP_GE, in.first - above, 0);
}

/* Neighbouring blocks become intervals, anything else stays a mask. */
static void add_group(struct conditions *to, uint8_t index, const struct group *g, uint64_t max,
		      const struct builder *b)
{
	struct interval *in = arena_array(g->n, sizeof(*in));
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct cube *c = &g->cubes[i];

		if (!is_prefix(c->mask, max)) {
			add(to, index, SECCOMP_OP_MASKED_EQ, c->mask, c->want);
			continue;
		}
		if (n && in[n - 1].last + 1 == c->want)
			in[n - 1].last = c->want | (max & ~c->mask);
		else
			in[n++] = (struct interval){ c->want, c->want | (max & ~c->mask) };
	}
	bool left_out =
		n == 2 && in[0].first == 0 && in[1].last == max && in[0].last + 2 == in[1].first;

	if (left_out && b->spelling == CASES_AT_MOST_AT_LEAST) {
		add(to, index, SECCOMP_OP_NE, in[0].last + 1, 0);
		return;
	}
	for (size_t i = 0; i < n; i++)
		add_interval(to, index, in[i], max, b);
	for (size_t i = 0; i < to->n && is_whole(max, b->spelling); i++)
		if (to->v[i].op == SECCOMP_OP_MASKED_EQ)
			to->v[i].value |= ~max;
}

/* --- all arguments ------------------------------------------------------------------------ */

static int add_case(struct builder *b, uint32_t action)
{
	struct condition *conditions = arena_array(b->depth, sizeof(*conditions));

	if (b->n == CASES_MAX)
		return -E2BIG;
	if (b->depth)
		memcpy(conditions, b->path, b->depth * sizeof(*conditions));
	b->v = arena_grow(b->v, b->n, &b->room, sizeof(*b->v));
	b->v[b->n++] = (struct cases_one){ action, b->depth, b->depth ? conditions : NULL };
	return 0;
}

/* At most ARGS levels: each asks a later argument. */
static int divide(struct builder *b, canon_ref r) // NOLINT(misc-no-recursion)
{
	struct groups all = { 0 };
	uint32_t action;
	int error = 0;

	if (canon_is_leaf(b->canon, r, &action))
		return action == b->otherwise ? 0 : add_case(b, action);
	canon_split(b->canon, r, note_part, &all);
	if (all.cut)
		return -E2BIG;
	for (const struct group *g = all.first; g && error == 0; g = g->next) {
		bool narrow = b->narrow >> all.index & 1;
		struct conditions c = { 0 };

		if (canon_is_leaf(b->canon, g->rest, &action) && action == b->otherwise)
			continue;
		add_group(&c, (uint8_t)all.index, g, narrow ? UINT32_MAX : UINT64_MAX, b);
		for (size_t i = 0; i < c.n && error == 0; i++) {
			b->path[b->depth++] = c.v[i];
			error = divide(b, g->rest);
			b->depth--;
		}
	}
	return error;
}

int cases_make(const struct canon *canon, canon_ref r, uint32_t otherwise, uint8_t narrow,
	       enum cases_spelling spelling, struct cases *ret)
{
	struct builder b = { .canon = canon,
			     .otherwise = otherwise,
			     .narrow = narrow,
			     .spelling = spelling,
			     .masked = spelling == CASES_MASKED };
	int error = divide(&b, r);

	*ret = (struct cases){ b.n, b.v };
	if (error == 0 && spelling == CASES_WHOLE && !cases_are_sound(ret)) {
		b.masked = true;
		b.n = 0;
		error = divide(&b, r);
		*ret = (struct cases){ b.n, b.v };
	}
	return error;
}

static bool is_inequality(const struct condition *c)
{
	return c->op != SECCOMP_OP_EQ && c->op != SECCOMP_OP_NE && c->op != SECCOMP_OP_MASKED_EQ;
}

/* Whether behind what both have in common, which has an inequality, only one has an inequality. */
static bool is_mixed(const struct cases_one *a, const struct cases_one *b)
{
	bool below = false;
	uint32_t i = 0;

	for (; i < a->n_conditions && i < b->n_conditions; i++) {
		if (!profile_conditions_equal(&a->conditions[i], &b->conditions[i], 1))
			break;
		below |= is_inequality(&a->conditions[i]);
	}
	return below && i < a->n_conditions && i < b->n_conditions &&
	       is_inequality(&a->conditions[i]) != is_inequality(&b->conditions[i]);
}

bool cases_are_sound(const struct cases *cases)
{
	for (size_t i = 0; i < cases->n; i++)
		for (size_t j = i + 1; j < cases->n; j++)
			if (is_mixed(&cases->v[i], &cases->v[j]))
				return false;
	return true;
}

/* --- rules -------------------------------------------------------------------------------- */

static bool says(const struct rule *rule, const struct cases_one *one)
{
	return rule->action == one->action && rule->n_conditions == one->n_conditions &&
	       profile_conditions_equal(rule->conditions, one->conditions, one->n_conditions);
}

int cases_rules_add(struct cases_rules *rules, const struct cases_one *one, const char *call)
{
	size_t i = 0;

	while (i < rules->n && !says(&rules->v[i].rule, one))
		i++;
	if (i == RULES_MAX)
		return -E2BIG;
	if (i == rules->n) {
		rules->v = arena_grow(rules->v, rules->n, &rules->room, sizeof(*rules->v));
		rules->v[rules->n++].rule = (struct rule){ .action = one->action,
							   .n_conditions = one->n_conditions,
							   .conditions = one->conditions };
	}
	struct cases_rule *to = &rules->v[i];
	const char **names =
		arena_grow((void *)to->rule.names, to->rule.n_names, &to->room, sizeof(*names));

	names[to->rule.n_names++] = call;
	to->rule.names = names;
	return 0;
}
