/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp diff: where two profiles answer a call differently. It compares what they mean,
 * for every number and every argument of every architecture, not how they are written.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

static struct diff_options {
	struct subject_options subject;
	bool within, equal, json;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct diff_options, subject),
	{ "within", 0, OPT_BOOL, offsetof(struct diff_options, within), NULL,
	  "ask whether A never lets through what B denies" },
	{ "equal", 0, OPT_BOOL, offsetof(struct diff_options, equal), NULL,
	  "ask whether A and B answer every call alike" },
	{ "json", 0, OPT_BOOL, offsetof(struct diff_options, json), NULL, "print JSON" },
	OPT_END,
};

/* One call, or numbers without a name, about which A and B differ. */
struct change {
	enum abi abi;	      /* ABI_COUNT: an architecture that no table has */
	uint32_t first, last; /* without the ABI's bit */
	int id;		      /* -1: none */
	canon_ref a, b;
};

struct changes {
	size_t n, room;
	struct change *v;
};

static void add_change(struct changes *c, const struct change *change)
{
	if (c->n == c->room) {
		struct change *old = c->v;

		c->room = c->room ? 2 * c->room : 128;
		c->v = arena_array(c->room, sizeof(*c->v));
		if (old)
			memcpy(c->v, old, c->n * sizeof(*old));
	}
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
	enum abi abi = say_abi_of(pair->audit, pair->first);
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

static const char *say_numbers(const struct change *c)
{
	if (c->id >= 0)
		return syscall_name((unsigned int)c->id);
	if (c->first == c->last)
		return arena_printf("number %u", c->first);
	return arena_printf("numbers %u to %u", c->first, c->last);
}

static const char *say_place(const struct change *c)
{
	return c->abi < ABI_COUNT ? say_abi(c->abi) : "other architectures and numbers";
}

/* --- a question with yes or no ------------------------------------------------------------ */

static bool lets_through(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	default:
		return false;
	}
}

/* The first set of arguments that answers the question with no. */
struct proof {
	bool found;
	struct canon_cube cube;
};

static bool note_cube(void *ctx, const struct canon_cube *cube)
{
	struct proof *p = ctx;

	if (values.within && !(lets_through(cube->action[0]) && !lets_through(cube->action[1])))
		return true;
	p->found = true;
	p->cube = *cube;
	return false;
}

static int print_proof(const struct canon *canon, const struct changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		struct proof p = { 0 };
		const char *args = "";

		canon_each(canon, c->a, c->b, true, note_cube, &p);
		if (!p.found)
			continue;
		for (unsigned int j = 0; j < 6; j++)
			if (p.cube.mask[j])
				args = arena_printf("%s%s%s=%s", args, *args ? ", " : "",
						    say_param(c->abi, c->id, j),
						    say_value(c->abi, c->id, j, p.cube.value[j]));
		printf("no: %s(%s) on %s: %s in A, %s in B\n", say_numbers(c), args, say_place(c),
		       say_action(p.cube.action[0]), say_action(p.cube.action[1]));
		return EXIT_NO;
	}
	printf("yes\n");
	return EXIT_YES;
}

/* --- a list ------------------------------------------------------------------------------- */

static enum category category_of(const struct change *c)
{
	return c->id < 0 ? CATEGORY_COUNT : categories_of((unsigned int)c->id);
}

static bool same_actions(const struct canon *canon, const struct change *x, const struct change *y)
{
	uint32_t a, b, c, d;

	return x->abi == y->abi && canon_is_leaf(canon, x->a, &a) &&
	       canon_is_leaf(canon, x->b, &b) && canon_is_leaf(canon, y->a, &c) &&
	       canon_is_leaf(canon, y->b, &d) && a == c && b == d;
}

/* Calls of one ABI that go from one action to one other are one paragraph, by category. */
static void print_plain(const struct canon *canon, const struct changes *changes, size_t first,
			bool *done)
{
	const struct change *c = &changes->v[first];
	uint32_t a, b;

	if (!canon_is_leaf(canon, c->a, &a) || !canon_is_leaf(canon, c->b, &b))
		return;
	printf("  %s in A, %s in B:\n", say_action(a), say_action(b));
	for (enum category category = 0; category <= CATEGORY_COUNT; category++) {
		const char *text = NULL;

		for (size_t i = first; i < changes->n; i++) {
			const struct change *other = &changes->v[i];

			if (category_of(other) != category || !same_actions(canon, c, other))
				continue;
			text = text ? arena_printf("%s, %s", text, say_numbers(other))
				    : arena_printf("    %-12s %s", categories_name(category),
						   say_numbers(other));
			done[i] = true;
		}
		if (text)
			say_print(17, text);
	}
}

static void print_by_arguments(const struct canon *canon, const struct change *c)
{
	struct regions regions;

	regions_make(canon, c->a, c->b, &regions);
	printf("  %s, by its arguments:\n", say_numbers(c));
	for (size_t i = 0; i < regions.n; i++) {
		const char *text = say_region(c->abi, c->id, &regions.v[i]);

		say_print(10, arena_printf("      %s in A, %s in B if %s",
					   say_action(regions.v[i].action[0]),
					   say_action(regions.v[i].action[1]), text));
	}
	if (regions.cut)
		printf("      and more\n");
}

static void print_changes(const struct canon *canon, const struct changes *changes)
{
	bool *done = arena_array(changes->n + 1, sizeof(*done));
	const char *place = "";

	for (size_t i = 0; i < changes->n; i++) {
		if (done[i])
			continue;
		if (strcmp(place, say_place(&changes->v[i])) != 0) {
			place = say_place(&changes->v[i]);
			printf("%s\n", place);
		}
		print_plain(canon, changes, i, done);
		if (!done[i])
			print_by_arguments(canon, &changes->v[i]);
	}
}

static void write_changes(const struct canon *canon, const struct changes *changes,
			  char *const *names)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-diff/1");
	jsonw_member_string(w, "a", names[0]);
	jsonw_member_string(w, "b", names[1]);
	jsonw_member_array(w, "changes");
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		struct regions regions;

		regions_make(canon, c->a, c->b, &regions);
		for (size_t j = 0; j < regions.n; j++) {
			jsonw_object(w);
			jsonw_member_string(w, "architecture", say_place(c));
			jsonw_member_string(w, "call", say_numbers(c));
			jsonw_member_string(w, "category", categories_name(category_of(c)));
			jsonw_member_string(w, "a", say_action(regions.v[j].action[0]));
			jsonw_member_string(w, "b", say_action(regions.v[j].action[1]));
			jsonw_member_string(w, "if", say_region(c->abi, c->id, &regions.v[j]));
			jsonw_end(w);
		}
	}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int diff(const struct global *g not_used, int argc not_used, char **argv)
{
	struct changes changes = { 0 };
	struct profile_facts facts;
	struct subject a, b;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &a);
	if (r >= 0)
		r = subject_read(argv[1], &values.subject, &facts, &canon, &b);
	if (r < 0)
		return r;
	verdicts_each(&a.verdicts, &b.verdicts, note_pair, &changes);
	if (canon.overflow)
		return fail(0, "the conditions are too complex to be compared");
	if (values.within || values.equal)
		return print_proof(&canon, &changes);
	if (values.json)
		write_changes(&canon, &changes, argv);
	else
		print_changes(&canon, &changes);
	return changes.n ? EXIT_NO : EXIT_YES;
}

const struct command seccomp_diff = {
	.name = "diff",
	.arguments = "A B",
	.summary = "say where two profiles answer a call differently",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = 2,
	.run = diff,
};
