/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how differences are printed. Calls that change in the same way are one line. */
#include "cmd/seccomp/changes_text.h"

#include "base/arena.h"
#include "cmd/seccomp/say.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/regions.h"

#include <string.h>

struct printer {
	FILE *to;
	const struct canon *canon;
	const struct changes *changes;
	const struct changes_words *words;
	bool *done; /* by change: it is printed with another one */
	/* the heading of an architecture; a change to one action, with all that are like it;
	 * another change */
	void (*place)(const struct printer *p, const char *place, bool first);
	void (*plain)(const struct printer *p, size_t first);
	void (*by_arguments)(const struct printer *p, const struct change *c);
};

static void print(struct printer *p)
{
	const char *place = "";

	p->done = arena_array(p->changes->n + 1, sizeof(*p->done));
	for (size_t i = 0; i < p->changes->n; i++) {
		const struct change *c = &p->changes->v[i];

		if (p->done[i])
			continue;
		if (strcmp(place, say_place(c)) != 0) {
			p->place(p, say_place(c), !*place);
			place = say_place(c);
		}
		p->plain(p, i);
		if (!p->done[i])
			p->by_arguments(p, c);
	}
}

/* "ALLOW in A, LOG in B". */
static const char *say_pair(const struct printer *p, uint32_t a, uint32_t b)
{
	return arena_printf("%s %s, %s %s", say_action(a), p->words->a, say_action(b), p->words->b);
}

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
static void print_plain(const struct printer *p, size_t first)
{
	const struct changes *changes = p->changes;
	const struct change *c = &changes->v[first];
	uint32_t a, b;

	if (!canon_is_leaf(p->canon, c->a, &a) || !canon_is_leaf(p->canon, c->b, &b))
		return;
	fprintf(p->to, "  %s:\n", say_pair(p, a, b));
	for (enum category category = 0; category <= CATEGORY_COUNT; category++) {
		const char *text = NULL;

		for (size_t i = first; i < changes->n; i++) {
			const struct change *other = &changes->v[i];

			if (category_of(other) != category || !same_actions(p->canon, c, other))
				continue;
			text = text ? arena_printf("%s, %s", text, say_numbers(other))
				    : arena_printf("    %-12s %s", categories_name(category),
						   say_numbers(other));
			p->done[i] = true;
		}
		if (text)
			say_print_to(p->to, 17, text);
	}
}

static void print_by_arguments(const struct printer *p, const struct change *c)
{
	struct regions regions;

	regions_make(p->canon, c->a, c->b, &regions);
	fprintf(p->to, "  %s, by its arguments:\n", say_numbers(c));
	for (size_t i = 0; i < regions.n; i++) {
		const struct region *region = &regions.v[i];

		say_print_to(p->to, 10,
			     arena_printf("      %s if %s",
					  say_pair(p, region->action[0], region->action[1]),
					  say_region(c->abi, c->id, region)));
	}
	if (regions.cut)
		fprintf(p->to, "      and more\n");
}

static void print_place(const struct printer *p, const char *place, bool first not_used)
{
	fprintf(p->to, "%s\n", place);
}

void changes_text_print(FILE *to, const struct canon *canon, const struct changes *changes,
			const struct changes_words *words)
{
	print(&(struct printer){ .to = to,
				 .canon = canon,
				 .changes = changes,
				 .words = words,
				 .place = print_place,
				 .plain = print_plain,
				 .by_arguments = print_by_arguments });
}

/* --- Markdown ----------------------------------------------------------------------------- */

static void print_row(const char *category, const char *calls, const struct region *region,
		      const char *condition)
{
	printf("| %s | %s | %s | %s | %s |\n", category, say_cell(calls),
	       say_action(region->action[0]), say_action(region->action[1]), say_cell(condition));
}

/* One row: all calls of the category that change in the same way. */
static void print_plain_row(const struct printer *p, size_t first)
{
	const struct change *c = &p->changes->v[first];
	const char *text = "";
	struct region region;

	if (!canon_is_leaf(p->canon, c->a, &region.action[0]) ||
	    !canon_is_leaf(p->canon, c->b, &region.action[1]))
		return;
	for (size_t i = first; i < p->changes->n; i++) {
		const struct change *other = &p->changes->v[i];

		if (category_of(other) != category_of(c) || !same_actions(p->canon, c, other))
			continue;
		text = arena_printf("%s%s%s", text, *text ? ", " : "", say_numbers(other));
		p->done[i] = true;
	}
	print_row(categories_name(category_of(c)), text, &region, "");
}

static void print_rows_by_arguments(const struct printer *p, const struct change *c)
{
	struct regions regions;

	regions_make(p->canon, c->a, c->b, &regions);
	for (size_t i = 0; i < regions.n; i++)
		print_row(categories_name(category_of(c)), say_numbers(c), &regions.v[i],
			  say_region(c->abi, c->id, &regions.v[i]));
	if (regions.cut)
		printf("| | and more | | | |\n");
}

static void print_table(const struct printer *p, const char *place, bool first)
{
	printf("%s### %s\n\n| category | calls | %s | %s | if |\n| --- | --- | --- | --- | --- |\n",
	       first ? "" : "\n", place, say_cell(p->words->a), say_cell(p->words->b));
}

void changes_text_markdown(const struct canon *canon, const struct changes *changes,
			   const struct changes_words *words)
{
	print(&(struct printer){ .to = stdout,
				 .canon = canon,
				 .changes = changes,
				 .words = words,
				 .place = print_table,
				 .plain = print_plain_row,
				 .by_arguments = print_rows_by_arguments });
	if (!changes->n)
		printf("No call is answered differently.\n");
}

/* --- JSON --------------------------------------------------------------------------------- */

void changes_text_write(struct jsonw *w, const struct canon *canon, const struct changes *changes)
{
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
}
