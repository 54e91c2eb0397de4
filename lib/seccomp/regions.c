/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of decision diagrams as intervals. A path through a diagram fixes bits of
 * arguments; where these are the highest bits of an argument it is an interval, and the paths of
 * neighbouring intervals follow one another, so that they grow together. Where the upper half of an
 * argument is asked for many values of the lower one the paths of one region are apart from one
 * another: these are united at the end.
 */
#include "seccomp/regions.h"

#include "base/arena.h"

#include <string.h>

enum { CUBES_MAX = 1 << 14 };

struct list {
	size_t n, n_cubes;
	struct region *v;
	bool cut;
};

/* --- conditions on one argument ----------------------------------------------------------- */

/* Bits from the top down to some bit, of 64 or 32: no hole and none below it. */
static bool is_prefix(uint64_t mask, uint64_t all)
{
	uint64_t low = all & ~mask;

	return (mask & ~all) == 0 && (low & (low + 1)) == 0;
}

static struct region_half half_of(uint32_t mask, uint32_t value)
{
	if (is_prefix(mask, UINT32_MAX))
		return (struct region_half){ 0, value, value | ~mask };
	return (struct region_half){ mask, value, value };
}

bool regions_half_is_any(const struct region_half *half)
{
	return !half->mask && half->first == 0 && half->last == UINT32_MAX;
}

static struct region_arg range(uint64_t first, uint64_t last, bool wide)
{
	if (first == 0 && last == (wide ? UINT64_MAX : UINT32_MAX))
		return (struct region_arg){ .kind = REGION_ANY };
	return (struct region_arg){
		.kind = REGION_RANGE, .wide = wide, .first = first, .last = last
	};
}

/* The simplest kind that says both. */
static struct region_arg of_halves(const struct region_half *upper, const struct region_half *lower)
{
	uint64_t top = (uint64_t)upper->first << 32;

	if (regions_half_is_any(upper) && lower->mask)
		return (struct region_arg){ .kind = REGION_BITS,
					    .mask = lower->mask,
					    .first = lower->first };
	if (regions_half_is_any(upper))
		return range(lower->first, lower->last, false);
	if (!upper->mask && regions_half_is_any(lower))
		return range(top, (uint64_t)upper->last << 32 | UINT32_MAX, true);
	if (!upper->mask && !lower->mask && upper->first == upper->last)
		return range(top | lower->first, top | lower->last, true);
	return (struct region_arg){ .kind = REGION_HALVES, .upper = *upper, .lower = *lower };
}

static struct region_arg arg_of(uint64_t mask, uint64_t value)
{
	struct region_half upper, lower;

	if (mask >> 32 && is_prefix(mask, UINT64_MAX))
		return range(value, value | ~mask, true);
	upper = half_of((uint32_t)(mask >> 32), (uint32_t)(value >> 32));
	lower = half_of((uint32_t)mask, (uint32_t)value);
	return of_halves(&upper, &lower);
}

bool regions_halves(const struct region_arg *arg, struct region_half *upper,
		    struct region_half *lower)
{
	static const struct region_half any = { 0, 0, UINT32_MAX };
	uint32_t first = (uint32_t)(arg->first >> 32), last = (uint32_t)(arg->last >> 32);

	*upper = *lower = any;
	switch (arg->kind) {
	case REGION_ANY:
		return true;
	case REGION_BITS:
		*lower = (struct region_half){ (uint32_t)arg->mask, (uint32_t)arg->first, 0 };
		return true;
	case REGION_HALVES:
		*upper = arg->upper;
		*lower = arg->lower;
		return true;
	case REGION_RANGE:
		break;
	}
	if (arg->wide)
		*upper = (struct region_half){ 0, first, last };
	*lower = (struct region_half){ 0, (uint32_t)arg->first, (uint32_t)arg->last };
	return !arg->wide || first == last || regions_half_is_any(lower);
}

static bool same_half(const struct region_half *a, const struct region_half *b)
{
	return a->mask == b->mask && a->first == b->first && (a->mask || a->last == b->last);
}

/* Whether b's interval begins where a's ends. */
static bool touch(const struct region_half *a, const struct region_half *b)
{
	return !a->mask && !b->mask && a->last != UINT32_MAX && a->last + 1 == b->first;
}

static bool same_arg(const struct region_arg *a, const struct region_arg *b)
{
	return a->kind == b->kind && a->wide == b->wide && a->first == b->first &&
	       a->last == b->last && a->mask == b->mask && same_half(&a->upper, &b->upper) &&
	       same_half(&a->lower, &b->lower);
}

/* Whether b, which is not a, continues it: a grows. */
static bool grow_arg(struct region_arg *a, const struct region_arg *b)
{
	struct region_half upper, lower, other_upper, other_lower;

	if (a->kind == REGION_RANGE && b->kind == REGION_RANGE && a->wide == b->wide &&
	    a->last + 1 == b->first) {
		*a = range(a->first, b->last, a->wide);
		return true;
	}
	if (a->kind == REGION_ANY || b->kind == REGION_ANY || !regions_halves(a, &upper, &lower) ||
	    !regions_halves(b, &other_upper, &other_lower))
		return false;
	if (same_half(&upper, &other_upper) && touch(&lower, &other_lower))
		lower.last = other_lower.last;
	else if (same_half(&lower, &other_lower) && touch(&upper, &other_upper))
		upper.last = other_upper.last;
	else
		return false;
	*a = of_halves(&upper, &lower);
	return true;
}

/* --- regions ------------------------------------------------------------------------------ */

/* Whether b continues a: all alike but one argument. a grows. */
static bool grow(struct region *a, const struct region *b)
{
	int other = -1;

	if (a->action[0] != b->action[0] || a->action[1] != b->action[1])
		return false;
	for (int i = 0; i < 6; i++) {
		if (same_arg(&a->args[i], &b->args[i]))
			continue;
		if (other >= 0)
			return false;
		other = i;
	}
	return other >= 0 && grow_arg(&a->args[other], &b->args[other]);
}

static bool unite_some(struct list *l)
{
	bool changed = false;

	for (size_t i = 0; i < l->n; i++)
		for (size_t j = i + 1; j < l->n;)
			if (grow(&l->v[i], &l->v[j])) {
				l->n--;
				memmove(&l->v[j], &l->v[j + 1], (l->n - j) * sizeof(*l->v));
				changed = true;
				j = i + 1;
			} else {
				j++;
			}
	return changed;
}

/* Takes regions together that are not neighbours in the list. */
static void unite(struct list *l)
{
	while (unite_some(l))
		;
}

struct region regions_of_cube(const struct canon_cube *cube)
{
	struct region region = { .action = { cube->action[0], cube->action[1] } };

	for (int i = 0; i < 6; i++)
		region.args[i] = arg_of(cube->mask[i], cube->value[i]);
	return region;
}

static bool add(void *ctx, const struct canon_cube *cube)
{
	struct list *l = ctx;

	if (l->n == REGIONS_MAX) {
		unite(l);
		l->cut = l->n > REGIONS_MAX / 4 * 3; /* the next time would come too soon */
	}
	l->cut |= l->n_cubes++ == CUBES_MAX;
	if (l->cut)
		return false;
	l->v[l->n++] = regions_of_cube(cube);
	while (l->n > 1 && grow(&l->v[l->n - 2], &l->v[l->n - 1]))
		l->n--;
	return true;
}

void regions_make(const struct canon *canon, canon_ref a, canon_ref b, struct regions *ret)
{
	struct list l = { .v = arena_array(REGIONS_MAX, sizeof(*l.v)) };

	canon_each(canon, a, b, a != b, add, &l);
	unite(&l);
	*ret = (struct regions){ .n = l.n, .v = l.v, .cut = l.cut };
}
