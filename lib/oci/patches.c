/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the order in which replacements are applied. */
#include "oci/patches.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct patch {
	size_t from, to;
	const char *with;
	size_t order;
};

void patches_add(struct patches *p, size_t from, size_t to, const char *with)
{
	p->v = arena_grow(p->v, p->n, &p->room, sizeof(*p->v));
	p->v[p->n] = (struct patch){ from, to, with, p->n };
	p->n++;
}

/* By place; what is only inserted there comes first. */
static int compare_patches(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if ((x->to == x->from) != (y->to == y->from))
		return x->to == x->from ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

struct text patches_apply(struct patches *p)
{
	size_t room = p->len, done = 0;
	char *out, *o;

	for (size_t i = 0; i < p->n; i++)
		room += strlen(p->v[i].with);
	o = out = arena_alloc(room + 1);
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), compare_patches);
	for (size_t i = 0; i < p->n; i++) {
		const struct patch *patch = &p->v[i];

		if (patch->from < done)
			continue; /* inside a value that is removed or replaced */
		o = mempcpy(o, p->text + done, patch->from - done);
		o = mempcpy(o, patch->with, strlen(patch->with));
		done = patch->to;
	}
	o = mempcpy(o, p->text + done, p->len - done);
	*o = 0;
	return (struct text){ out, (size_t)(o - out) };
}
