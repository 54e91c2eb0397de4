/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp diff: where two profiles answer a call differently. It compares what they mean,
 * for every number and every argument of every architecture, not how they are written.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/changes.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"

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

static bool counts(uint32_t a, uint32_t b)
{
	return !values.within || (lets_through(a) && !lets_through(b));
}

static int print_proof(const struct canon *canon, const struct changes *changes)
{
	struct changes_example example;

	if (!changes_first(canon, changes, counts, &example)) {
		printf("yes\n");
		return EXIT_YES;
	}
	printf("no: %s: %s in A, %s in B\n", example.call, say_action(example.action[0]),
	       say_action(example.action[1]));
	return EXIT_NO;
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
	changes_collect(&a.verdicts, &b.verdicts, &changes);
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
