/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a conjunction to rules. The set of values that one argument may have is a
 * list of disjoint cubes: (value & mask) == want, which is what MASKED_EQ asks. An interval is
 * at most two cubes a bit, "not that value" one cube a bit, and cubes intersect to cubes.
 * Several arguments are the product of their lists. An argument with one condition that a rule
 * can say as it is keeps that condition, so that what is read looks like what was written.
 */
#include "seccomp/conjunction.h"

#include "base/arena.h"

#include <errno.h>

enum { ARGS = 6 };

static const uint64_t LOW = UINT32_MAX;

struct cube {
	uint64_t mask, want;
};

/* Of one argument: one condition as it stands, or cubes. */
struct values {
	bool asked;	/* there is a condition on it */
	bool as_stands; /* only this one: */
	struct condition condition;
	size_t n;
	struct cube *cubes;
};

static void add(struct values *v, uint64_t mask, uint64_t want)
{
	v->cubes[v->n++] = (struct cube){ mask, want };
}

static void cubes_alloc(struct values *v, size_t n)
{
	v->n = 0;
	v->cubes = arena_array(n, sizeof(*v->cubes));
}

/* first <= value <= last, of numbers up to max: the largest aligned blocks from the left. */
static void add_interval(struct values *v, uint64_t first, uint64_t last, uint64_t max)
{
	for (;;) {
		uint64_t block = 0; /* the bits that are free */

		while (block != max && !(first & (block << 1 | 1)) &&
		       last - first >= (block << 1 | 1))
			block = block << 1 | 1;
		add(v, max & ~block, first);
		if (last - first == block)
			return;
		first += block + 1;
	}
}

/* A value as it is compared on 32 bits (decision.c says why): false if it is above them all. */
static bool fits(uint64_t *value, uint64_t max)
{
	if (max != LOW || *value <= LOW)
		return true;
	if (*value >> 31 != UINT64_MAX >> 31)
		return false;
	*value &= LOW;
	return true;
}

/* The same for the two halves of a mask. */
static bool mask_fits(uint64_t *mask, uint64_t *want, uint64_t max)
{
	const uint64_t sign = UINT64_C(1) << 31;

	if (*want & ~*mask)
		return false;
	if (max != LOW)
		return true;
	if (*want >> 32 && *want >> 32 != *mask >> 32)
		return false;
	if (*want >> 32) {
		if (*mask & sign && !(*want & sign))
			return false;
		*mask |= sign;
		*want |= sign;
	}
	*mask &= LOW;
	*want &= LOW;
	return true;
}

/* (value & mask) != want: it differs first in one of the bits. */
static void add_other(struct values *v, uint64_t mask, uint64_t want)
{
	uint64_t above = 0;

	for (uint64_t bit = UINT64_C(1) << 63; bit; bit >>= 1) {
		if (!(mask & bit))
			continue;
		add(v, above | bit, (want & above) | (~want & bit));
		above |= bit;
	}
}

static void add_masked(struct values *v, const struct conjunction_term *t, uint64_t max)
{
	uint64_t mask = t->condition.value, want = t->condition.value_two;
	bool possible;

	if (t->low) {
		mask &= LOW;
		possible = !(want & ~mask);
	} else {
		possible = mask_fits(&mask, &want, max);
	}
	if (possible && t->negate)
		add_other(v, mask, want);
	else if (possible)
		add(v, mask, want);
	else if (t->negate)
		add(v, 0, 0);
}

static void add_term(struct values *v, const struct conjunction_term *t, uint64_t max)
{
	uint64_t value = t->condition.value;
	bool fit = t->condition.op == SECCOMP_OP_MASKED_EQ || fits(&value, max);

	cubes_alloc(v, 2 * 64);
	switch (t->condition.op) {
	case SECCOMP_OP_MASKED_EQ:
		add_masked(v, t, max);
		break;
	case SECCOMP_OP_EQ:
		if (fit)
			add(v, max, value);
		break;
	case SECCOMP_OP_NE:
		if (fit)
			add_other(v, max, value);
		else
			add(v, 0, 0);
		break;
	case SECCOMP_OP_LT:
		if (!fit || value)
			add_interval(v, 0, fit ? value - 1 : max, max);
		break;
	case SECCOMP_OP_LE:
		add_interval(v, 0, fit ? value : max, max);
		break;
	case SECCOMP_OP_GE:
		if (fit)
			add_interval(v, value, max, max);
		break;
	case SECCOMP_OP_GT:
		if (fit && value != max)
			add_interval(v, value + 1, max, max);
		break;
	}
}

/* Whether a rule can ask that, in the same words. */
static bool stands(const struct conjunction_term *t, bool narrow)
{
	if (t->negate)
		return false;
	return !t->low || (narrow && t->condition.op != SECCOMP_OP_EQ &&
			   t->condition.op != SECCOMP_OP_MASKED_EQ);
}

static int intersect(struct values *a, const struct values *b)
{
	struct values both = { .asked = true };

	if (a->n * b->n > (size_t)CONJUNCTION_MAX * 128)
		return -E2BIG;
	cubes_alloc(&both, a->n * b->n);
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++) {
			const struct cube *x = &a->cubes[i], *y = &b->cubes[j];

			if (!((x->want ^ y->want) & x->mask & y->mask))
				add(&both, x->mask | y->mask, x->want | y->want);
		}
	*a = both;
	return both.n > CONJUNCTION_MAX ? -E2BIG : 0;
}

static int values_of(const struct conjunction_term *terms, size_t n, uint8_t index, bool narrow,
		     struct values *ret)
{
	int r = 0;

	*ret = (struct values){ 0 };
	for (size_t i = 0; i < n && r >= 0; i++) {
		const struct conjunction_term *t = &terms[i];
		struct values one = { .asked = true };

		if (t->condition.index != index)
			continue;
		add_term(&one, t, narrow || t->low ? LOW : UINT64_MAX);
		one.as_stands = !ret->asked && stands(t, narrow);
		one.condition = t->condition;
		if (ret->asked)
			r = intersect(ret, &one);
		else
			*ret = one;
	}
	return r;
}

static size_t choices(const struct values *v)
{
	return !v->asked || v->as_stands ? 1 : v->n;
}

/* The part that takes choice `which` of all combinations. */
static struct conjunction_part part(const struct values all[ARGS], size_t which)
{
	struct condition *c = arena_array(ARGS, sizeof(*c));
	uint32_t n = 0;

	for (unsigned int i = 0; i < ARGS; i++) {
		const struct values *v = &all[i];

		if (!v->asked)
			continue;
		if (v->as_stands) {
			c[n++] = v->condition;
			continue;
		}

		const struct cube *cube = &v->cubes[which % v->n];

		which /= v->n;
		if (cube->mask)
			c[n++] = (struct condition){ (uint8_t)i, SECCOMP_OP_MASKED_EQ, cube->mask,
						     cube->want };
	}
	return (struct conjunction_part){ n, n ? c : NULL };
}

int conjunction_make(const struct conjunction_term *terms, size_t n, uint8_t narrow,
		     struct conjunction *ret)
{
	struct values all[ARGS];
	size_t total = 1;

	for (unsigned int i = 0; i < ARGS; i++) {
		int r = values_of(terms, n, (uint8_t)i, narrow >> i & 1, &all[i]);

		if (r < 0)
			return r;
		total *= choices(&all[i]);
		if (total > CONJUNCTION_MAX)
			return -E2BIG;
	}

	struct conjunction_part *parts = arena_array(total, sizeof(*parts));

	for (size_t i = 0; i < total; i++)
		parts[i] = part(all, i);
	*ret = (struct conjunction){ total, parts };
	return 0;
}
