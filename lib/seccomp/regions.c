/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of decision diagrams as intervals. A path through a diagram fixes bits of
 * arguments; where these are the highest bits of an argument it is an interval, and the paths of
 * neighbouring intervals follow one another, so that they grow together.
 */
#include "seccomp/regions.h"

#include "base/arena.h"

#include <string.h>

struct list {
	size_t n;
	struct region *v;
	bool cut;
};

/* Bits from the top down to some bit, of 64 or 32: no hole and none below it. */
static bool is_prefix(uint64_t mask, uint64_t all)
{
	uint64_t low = all & ~mask;

	return (mask & ~all) == 0 && (low & (low + 1)) == 0;
}

static struct region_arg arg_of(uint64_t mask, uint64_t value)
{
	bool wide = mask >> 32;
	uint64_t all = wide ? UINT64_MAX : UINT32_MAX;

	if (!mask)
		return (struct region_arg){ .kind = REGION_ANY };
	if (!is_prefix(mask, all))
		return (struct region_arg){ .kind = REGION_BITS, .mask = mask, .first = value };
	return (struct region_arg){
		.kind = REGION_RANGE, .wide = wide, .first = value, .last = value | (all & ~mask)
	};
}

static bool same_arg(const struct region_arg *a, const struct region_arg *b)
{
	return a->kind == b->kind && a->wide == b->wide && a->first == b->first &&
	       a->last == b->last && a->mask == b->mask;
}

/* Whether b continues a: all alike but one argument, whose intervals touch. a grows. */
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
	if (other < 0)
		return false;
	struct region_arg *x = &a->args[other];
	const struct region_arg *y = &b->args[other];

	if (x->kind != REGION_RANGE || y->kind != REGION_RANGE || x->wide != y->wide ||
	    x->last + 1 != y->first)
		return false;
	x->last = y->last;
	if (x->first == 0 && x->last == (x->wide ? UINT64_MAX : UINT32_MAX))
		*x = (struct region_arg){ .kind = REGION_ANY };
	return true;
}

static bool add(void *ctx, const struct canon_cube *cube)
{
	struct list *l = ctx;

	if (l->n == REGIONS_MAX) {
		l->cut = true;
		return false;
	}
	struct region *r = &l->v[l->n++];

	*r = (struct region){ .action = { cube->action[0], cube->action[1] } };
	for (int i = 0; i < 6; i++)
		r->args[i] = arg_of(cube->mask[i], cube->value[i]);
	while (l->n > 1 && grow(&l->v[l->n - 2], &l->v[l->n - 1]))
		l->n--;
	return true;
}

void regions_make(const struct canon *canon, canon_ref a, canon_ref b, struct regions *ret)
{
	struct list l = { .v = arena_array(REGIONS_MAX, sizeof(*l.v)) };

	canon_each(canon, a, b, a != b, add, &l);
	*ret = (struct regions){ .n = l.n, .v = l.v, .cut = l.cut };
}
