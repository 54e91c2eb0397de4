/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the comparison of answers, number by number, with the names that the numbers have. */
#include "cmd/seccomp/changes.h"

#include "base/arena.h"
#include "cmd/seccomp/say.h"
#include "seccomp/syscall.h"

static void add_change(struct changes *c, const struct change *change)
{
	c->v = arena_grow(c->v, c->n, &c->room, sizeof(*c->v));
	c->v[c->n++] = *change;
}

/* The calls in a stretch of numbers, and what lies between them. */
static void add_numbers(struct changes *c, enum abi abi, uint32_t first, uint32_t last,
			const struct verdicts_pair *pair)
{
	struct change change = { .abi = abi, .id = -1, .a = pair->a, .b = pair->b };
	uint64_t from = first;

	for (uint64_t nr = first; nr <= last; nr++) {
		int id = abi < ABI_COUNT ? syscall_at(abi, (uint32_t)nr) : -1;

		if (id < 0 && abi < ABI_OWN && nr < syscall_end(abi))
			continue;
		if (id < 0)
			break; /* nothing has a name from here on, but arm's private calls */
		if (from < nr) {
			change.first = (uint32_t)from;
			change.last = (uint32_t)nr - 1;
			change.id = -1;
			add_change(c, &change);
		}
		change.first = change.last = (uint32_t)nr;
		change.id = id;
		add_change(c, &change);
		from = nr + 1;
	}
	if (from <= last) {
		change.first = (uint32_t)from;
		change.last = last;
		change.id = -1;
		add_change(c, &change);
	}
}

static bool note_pair(void *ctx, const struct verdicts_pair *pair)
{
	struct changes *c = ctx;
	uint32_t bit = arch_abi(ABI_X32)->nr_bit;
	enum abi abi = arch_by_number(pair->audit, pair->first);
	bool divided = pair->audit == arch_abi(ABI_X86_64)->audit;

	if (pair->a == pair->b)
		return true;
	if (!divided || pair->first >= 2 * bit) {
		add_numbers(c, divided ? ABI_COUNT : abi, pair->first, pair->last, pair);
		return true;
	}
	/* x86_64 below x32's bit, x32 with it, nobody above */
	if (pair->first < bit)
		add_numbers(c, ABI_X86_64, pair->first, pair->last < bit ? pair->last : bit - 1,
			    pair);
	if (pair->last >= bit)
		add_numbers(c, ABI_X32, pair->first < bit ? 0 : pair->first - bit,
			    (pair->last < 2 * bit ? pair->last : 2 * bit - 1) - bit, pair);
	if (pair->last >= 2 * bit)
		add_numbers(c, ABI_COUNT, 2 * bit, pair->last, pair);
	return true;
}

void changes_collect(const struct verdicts *a, const struct verdicts *b, struct changes *ret)
{
	*ret = (struct changes){ 0 };
	verdicts_each(a, b, note_pair, ret);
}

/* The first set of arguments that counts. */
struct search {
	bool (*counts)(uint32_t a, uint32_t b);
	bool found;
	struct canon_cube cube;
};

static bool note_cube(void *ctx, const struct canon_cube *cube)
{
	struct search *s = ctx;

	if (!s->counts(cube->action[0], cube->action[1]))
		return true;
	s->found = true;
	s->cube = *cube;
	return false;
}

/* A value with more bits than the kernel reads has no name. */
static const char *say_argument(const struct change *c, unsigned int index, uint64_t value)
{
	if (value > UINT32_MAX)
		return arena_printf("0x%llx", (unsigned long long)value);
	return say_value(c->abi, c->id, index, value);
}

static const char *say_example(const struct change *c, const struct canon_cube *cube)
{
	const char *args = "";

	for (unsigned int i = 0; i < 6; i++)
		if (cube->mask[i])
			args = arena_printf("%s%s%s=%s", args, *args ? ", " : "",
					    say_param(c->abi, c->id, i),
					    say_argument(c, i, cube->value[i]));
	if (c->id < 0 && !*args)
		return arena_printf("%s on %s", say_numbers(c), say_place(c));
	return arena_printf("%s(%s) on %s", say_numbers(c), args, say_place(c));
}

bool changes_first(const struct canon *canon, const struct changes *changes,
		   bool (*counts)(uint32_t a, uint32_t b), struct changes_example *ret)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		struct search s = { .counts = counts };

		canon_each(canon, c->a, c->b, true, note_cube, &s);
		if (s.found) {
			*ret = (struct changes_example){ say_example(c, &s.cube),
							 { s.cube.action[0], s.cube.action[1] } };
			return true;
		}
	}
	return false;
}
