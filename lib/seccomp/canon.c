/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the decision diagrams.
 *
 * A variable is one bit of one argument, with the highest bit first, so equality, order and masks
 * need one node per bit. What must hold: no two nodes have the same content, no node has two equal
 * branches, and the variables ascend from the root to the leaves. A profile whose diagram exceeds
 * NODES_MAX is refused.
 */
#include "seccomp/canon.h"

#include "base/arena.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { NODES_MAX = 1 << 20, LEAF = 384 };

struct canon_node {
	uint32_t var;	   /* 64 * argument + 63 - bit; or LEAF */
	canon_ref no, yes; /* in a leaf `no` is the action and `yes` unused */
};

/* Cache of results of choose(). An entry is overwritten when another needs its place. */
struct canon_cache {
	canon_ref test, yes, no, result;
};

/* Leaves of conditions. Their values are not actions that a profile can have. */
static const uint32_t IS_FALSE = 0x00ffff00, IS_TRUE = 0x00ffff01;
enum { REF_FALSE, REF_TRUE };

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15;

	h = (h ^ h >> 29 ^ c) * 0xbf58476d1ce4e5b9;
	return (uint32_t)(h >> 32);
}

/*
 * Returns the place in the hash table for this content: that of its node, or an empty one. 0 means
 * empty; reference 0 is REF_FALSE, which is never looked up.
 */
static uint32_t *find(const struct canon *c, const struct canon_node *node)
{
	uint32_t mask = (uint32_t)(2 * c->room - 1), i = mix(node->var, node->no, node->yes) & mask;

	for (; c->table[i]; i = (i + 1) & mask) {
		const struct canon_node *n = &c->nodes[c->table[i]];

		if (n->var == node->var && n->no == node->no && n->yes == node->yes)
			break;
	}
	return &c->table[i];
}

static void grow(struct canon *c)
{
	c->nodes = arena_grow(c->nodes, c->n, &c->room, sizeof(*c->nodes));
	c->table = arena_array(2 * c->room, sizeof(*c->table));
	c->cache = arena_array(c->room, sizeof(*c->cache));
	for (canon_ref i = 1; i < c->n; i++)
		*find(c, &c->nodes[i]) = i;
}

static canon_ref intern(struct canon *c, uint32_t var, canon_ref no, canon_ref yes)
{
	const struct canon_node node = { var, no, yes };
	uint32_t *at = find(c, &node);
	canon_ref known = *at;

	if (known)
		return known;
	if (c->n == c->room) {
		if (c->room == NODES_MAX) {
			c->overflow = true;
			return REF_FALSE;
		}
		grow(c);
		at = find(c, &node);
	}
	c->nodes[c->n] = node;
	*at = c->n;
	return c->n++;
}

static canon_ref branch(struct canon *c, uint32_t var, canon_ref no, canon_ref yes)
{
	return no == yes ? no : intern(c, var, no, yes);
}

void canon_init(struct canon *c)
{
	*c = (struct canon){ 0 };
	grow(c);
	c->nodes[c->n++] = (struct canon_node){ LEAF, IS_FALSE, 0 };
	intern(c, LEAF, IS_TRUE, 0);
}

canon_ref canon_leaf(struct canon *c, uint32_t action)
{
	return intern(c, LEAF, action, 0);
}

/* --- conditions --------------------------------------------------------------------------- */

static uint32_t var_of(const struct canon *c, canon_ref r)
{
	return c->nodes[r].var;
}

/* Returns the branch of r for var = 0 or 1. */
static canon_ref follow(const struct canon *c, canon_ref r, uint32_t var, bool one)
{
	const struct canon_node *n = &c->nodes[r];

	if (n->var != var)
		return r;
	return one ? n->yes : n->no;
}

/* Returns the decision that is `yes` where test is true and `no` where it is false. */
static canon_ref choose(struct canon *c, canon_ref test, canon_ref yes, canon_ref no)
{
	if (test == REF_TRUE || yes == no)
		return yes;
	if (test == REF_FALSE)
		return no;
	const uint32_t at = mix(test, yes, no);
	struct canon_cache *hit = &c->cache[at & (c->room - 1)];

	if (hit->test == test && hit->yes == yes && hit->no == no)
		return hit->result;
	uint32_t var = var_of(c, test);

	if (var_of(c, yes) < var)
		var = var_of(c, yes);
	if (var_of(c, no) < var)
		var = var_of(c, no);
	canon_ref r[2];

	for (int one = 0; one < 2; one++)
		r[one] = choose(c, follow(c, test, var, one), follow(c, yes, var, one),
				follow(c, no, var, one));
	canon_ref result = branch(c, var, r[0], r[1]);

	hit = &c->cache[at & (c->room - 1)]; /* the cache may have been resized */
	*hit = (struct canon_cache){ test, yes, no, result };
	return result;
}

/*
 * Builds the check bit by bit, from the lowest bit. The variables of yes and no must come after all
 * of its bits.
 */
static canon_ref build(struct canon *c, const struct check *check, canon_ref yes, canon_ref no)
{
	canon_ref so_far = yes; /* the result for the bits so far; equal counts as at least */

	for (uint32_t bit = 0; bit < 64; bit++) {
		bool asked = check->mask >> bit & 1, one = check->value >> bit & 1;
		uint32_t var = 64u * check->index + 63 - bit;

		if (!asked)
			continue;
		if (one)
			so_far = branch(c, var, no, so_far);
		else
			so_far = branch(c, var, so_far, check->at_least ? yes : no);
	}
	return so_far;
}

canon_ref canon_check(struct canon *c, const struct check *check, canon_ref yes, canon_ref no)
{
	canon_ref then = check->negate ? no : yes, otherwise = check->negate ? yes : no;
	uint32_t behind = 64u * check->index + 64;

	if (var_of(c, yes) >= behind && var_of(c, no) >= behind)
		return build(c, check, then, otherwise);
	return choose(c, build(c, check, REF_TRUE, REF_FALSE), then, otherwise);
}

canon_ref canon_decision(struct canon *c, const struct decision *d)
{
	canon_ref r = canon_leaf(c, d->otherwise);

	for (uint32_t i = d->n_clauses; i-- > 0 && !c->overflow;) {
		const struct clause *clause = &d->clauses[i];
		canon_ref matched = canon_leaf(c, clause->action), other = r;

		r = matched;
		for (uint32_t j = clause->n_checks; j-- > 0;)
			r = canon_check(c, &clause->checks[j], r, other);
	}
	return r;
}

/* Which combination of two decisions is made. */
struct combination {
	bool looser;
	enum canon_tie tie;
};

/* Whether action b is taken, not a. */
static bool takes_other(struct combination how, uint32_t a, uint32_t b)
{
	const uint32_t unknown = SECCOMP_RET_ERRNO | ENOSYS;

	if ((a & SECCOMP_RET_ACTION_FULL) != (b & SECCOMP_RET_ACTION_FULL))
		return decision_action_is_stricter(how.looser ? a : b, how.looser ? b : a);
	return how.tie == CANON_SECOND || (how.tie == CANON_KNOWN && a == unknown) ||
	       (how.tie == CANON_UNKNOWN && b == unknown);
}

static canon_ref combine(struct canon *c, struct combination how, canon_ref a, canon_ref b)
{
	if (a == b || c->overflow)
		return a;
	uint32_t var = var_of(c, a) < var_of(c, b) ? var_of(c, a) : var_of(c, b);

	if (var == LEAF)
		return takes_other(how, c->nodes[a].no, c->nodes[b].no) ? b : a;
	/* The cache is shared with choose(), which has no tests of these values. */
	const canon_ref test = UINT32_MAX - (canon_ref)(how.looser * CANON_TIES + how.tie);
	const uint32_t at = mix(test, a, b);
	struct canon_cache *hit = &c->cache[at & (c->room - 1)];

	if (hit->test == test && hit->yes == a && hit->no == b)
		return hit->result;
	canon_ref r[2];

	for (int one = 0; one < 2; one++)
		r[one] = combine(c, how, follow(c, a, var, one), follow(c, b, var, one));
	canon_ref result = branch(c, var, r[0], r[1]);

	hit = &c->cache[at & (c->room - 1)]; /* the cache may have been resized */
	*hit = (struct canon_cache){ test, a, b, result };
	return result;
}

canon_ref canon_combine(struct canon *c, bool looser, enum canon_tie tie, canon_ref a, canon_ref b)
{
	return combine(c, (struct combination){ looser, tie }, a, b);
}

canon_ref canon_stricter(struct canon *c, canon_ref a, canon_ref b)
{
	return canon_combine(c, false, CANON_FIRST, a, b);
}

void canon_witness(const struct canon *c, canon_ref a, canon_ref b, uint64_t args[6],
		   uint32_t action[2])
{
	memset(args, 0, 6 * sizeof(*args));
	for (;;) {
		uint32_t var = var_of(c, a) < var_of(c, b) ? var_of(c, a) : var_of(c, b);

		if (var == LEAF)
			break;
		/* Different functions differ in at least one branch. */
		bool one = follow(c, a, var, false) == follow(c, b, var, false);

		args[var / 64] |= (uint64_t)one << (63 - var % 64);
		a = follow(c, a, var, one);
		b = follow(c, b, var, one);
	}
	action[0] = c->nodes[a].no;
	action[1] = c->nodes[b].no;
}

bool canon_is_leaf(const struct canon *c, canon_ref r, uint32_t *ret)
{
	if (var_of(c, r) != LEAF)
		return false;
	*ret = c->nodes[r].no;
	return true;
}

/* --- parts of a diagram ------------------------------------------------------------------- */

/* The bits of one argument that are known. */
struct restriction {
	uint32_t first, end; /* variables of the argument */
	uint64_t mask, value;
	uint32_t test; /* for the cache */
};

static canon_ref restricted(struct canon *c, const struct restriction *known, canon_ref r)
{
	uint32_t var = var_of(c, r);

	if (var >= known->end || c->overflow)
		return r;
	const struct canon_node node = c->nodes[r]; /* nodes may move */
	const uint32_t at = mix(known->test, r, 0);
	struct canon_cache *hit = &c->cache[at & (c->room - 1)];

	if (hit->test == known->test && hit->yes == r)
		return hit->result;
	uint64_t bit = var >= known->first ? UINT64_C(1) << (63 - var % 64) : 0;
	canon_ref result;

	if (known->mask & bit)
		result = restricted(c, known, known->value & bit ? node.yes : node.no);
	else
		result = branch(c, var, restricted(c, known, node.no),
				restricted(c, known, node.yes));
	hit = &c->cache[at & (c->room - 1)]; /* the cache may have been resized */
	*hit = (struct canon_cache){ known->test, r, 0, result };
	return result;
}

/* Which actions are replaced. */
struct replacement {
	bool (*which)(uint32_t action);
	canon_ref leaf;
	uint32_t test; /* for the cache */
};

static canon_ref replaced(struct canon *c, const struct replacement *by, canon_ref r)
{
	const struct canon_node node = c->nodes[r]; /* nodes may move */
	const uint32_t at = mix(by->test, r, 1);
	struct canon_cache *hit = &c->cache[at & (c->room - 1)];

	if (node.var == LEAF)
		return by->which(node.no) ? by->leaf : r;
	if (c->overflow)
		return r;
	if (hit->test == by->test && hit->yes == r && hit->no == 1)
		return hit->result;
	canon_ref no = replaced(c, by, node.no), yes = replaced(c, by, node.yes);
	canon_ref result = branch(c, node.var, no, yes);

	hit = &c->cache[at & (c->room - 1)]; /* the cache may have been resized */
	*hit = (struct canon_cache){ by->test, r, 1, result };
	return result;
}

static uint32_t new_test(struct canon *c)
{
	/* between the references, which are tests of choose(), and those of combine() */
	return NODES_MAX + c->n_restrictions++ % (UINT32_MAX / 2);
}

canon_ref canon_replace(struct canon *c, canon_ref r, bool (*which)(uint32_t action),
			uint32_t action)
{
	const struct replacement by = { which, canon_leaf(c, action), new_test(c) };

	return replaced(c, &by, r);
}

canon_ref canon_restrict(struct canon *c, canon_ref r, unsigned int index, uint64_t mask,
			 uint64_t value)
{
	const struct restriction known = { .first = 64 * index,
					   .end = 64 * index + 64,
					   .mask = mask,
					   .value = value,
					   .test = new_test(c) };

	return restricted(c, &known, r);
}

/* The walk through two diagrams at once. */
struct walk {
	const struct canon *canon;
	bool differing, ended;
	bool (*visit)(void *ctx, const struct canon_cube *cube);
	void *ctx;
	struct canon_cube cube;
};

static void each(struct walk *w, canon_ref a, canon_ref b)
{
	const struct canon *c = w->canon;
	uint32_t var = var_of(c, a) < var_of(c, b) ? var_of(c, a) : var_of(c, b);

	if (w->ended || (w->differing && a == b))
		return;
	if (var == LEAF) {
		w->cube.action[0] = c->nodes[a].no;
		w->cube.action[1] = c->nodes[b].no;
		w->ended = !w->visit(w->ctx, &w->cube);
		return;
	}
	uint64_t bit = UINT64_C(1) << (63 - var % 64);

	w->cube.mask[var / 64] |= bit;
	for (int one = 0; one < 2; one++) {
		if (one)
			w->cube.value[var / 64] |= bit;
		each(w, follow(c, a, var, one), follow(c, b, var, one));
	}
	w->cube.value[var / 64] &= ~bit;
	w->cube.mask[var / 64] &= ~bit;
}

void canon_each(const struct canon *c, canon_ref a, canon_ref b, bool differing,
		bool (*visit)(void *ctx, const struct canon_cube *cube), void *ctx)
{
	struct walk w = { .canon = c, .differing = differing, .visit = visit, .ctx = ctx };

	each(&w, a, b);
}

struct splitting {
	const struct canon *canon;
	uint32_t end; /* of the argument's variables */
	bool ended;
	bool (*visit)(void *ctx, const struct canon_part *part);
	void *ctx;
	struct canon_part part;
};

static void split(struct splitting *s, canon_ref r)
{
	uint32_t var = var_of(s->canon, r);

	if (s->ended)
		return;
	if (var >= s->end) {
		s->part.rest = r;
		s->ended = !s->visit(s->ctx, &s->part);
		return;
	}
	uint64_t bit = UINT64_C(1) << (63 - var % 64);

	s->part.mask |= bit;
	split(s, s->canon->nodes[r].no);
	s->part.value |= bit;
	split(s, s->canon->nodes[r].yes);
	s->part.value &= ~bit;
	s->part.mask &= ~bit;
}

void canon_split(const struct canon *c, canon_ref r,
		 bool (*visit)(void *ctx, const struct canon_part *part), void *ctx)
{
	unsigned int index = var_of(c, r) / 64;
	struct splitting s = { .canon = c,
			       .end = 64 * index + 64,
			       .visit = visit,
			       .ctx = ctx,
			       .part = { .index = index } };

	split(&s, r);
}
