/* SPDX-License-Identifier: Apache-2.0 */
/* tamis doctor: what this host supports, for people or as JSON. */
#include "observe/doctor.h"

#include "base/arena.h"
#include "cmd/cmd.h"
#include "oci/jsonw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 80, NAME_COLUMN = 10, TEXT_COLUMN = 31 };

struct values {
	bool json;
};

static struct values values;

static const struct opt doctor_options[] = {
	{ "json", 0, OPT_BOOL, offsetof(struct values, json), NULL, "print JSON" },
	OPT_END,
};

static const struct {
	const char *word, *colour;
} marks[] = {
	[DOCTOR_OK] = { "ok", "\033[32m" },
	[DOCTOR_WARN] = { "warn", "\033[33m" },
	[DOCTOR_MISSING] = { "missing", "\033[1;31m" },
};

/*
 * Prints text from TEXT_COLUMN on, wrapped at blanks, or at the end of the line if there are none.
 */
static void print_text(const char *text)
{
	const size_t width = WIDTH - TEXT_COLUMN;

	while (strlen(text) > width) {
		size_t n = width;

		while (n && text[n] != ' ')
			n--;
		if (!n)
			n = width;
		printf("%.*s\n%*s", (int)n, text, TEXT_COLUMN, "");
		text += n + (text[n] == ' ');
	}
	printf("%s\n", text);
}

static void print_check(const struct doctor_check *c, bool colours)
{
	const char *word = marks[c->mark].word;

	printf("%s%s%s%*s%-*s", colours ? marks[c->mark].colour : "", word,
	       colours ? "\033[0m" : "", NAME_COLUMN - (int)strlen(word), "",
	       TEXT_COLUMN - NAME_COLUMN, c->name);
	print_text(c->found);
	if (c->advice) {
		printf("%*s", TEXT_COLUMN, "");
		print_text(arena_printf("-> %s", c->advice));
	}
}

static void print_people(const struct doctor *d)
{
	const char *area = "", *no_color = getenv("NO_COLOR");
	bool colours = isatty(STDOUT_FILENO) && !(no_color && *no_color);

	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(area, d->v[i].area) != 0)
			printf("%s%s\n", *area ? "\n" : "", d->v[i].area);
		area = d->v[i].area;
		print_check(&d->v[i], colours);
	}
	if (d->obstacle)
		printf("\nA default container would not start:\n%s\n", d->obstacle);
	else
		printf("\nA default container would start.\n");
}

static void print_json(const struct doctor *d)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "version", PACKAGE_VERSION);
	jsonw_member_bool(w, "wouldStart", !d->obstacle);
	jsonw_member_string(w, "obstacle", d->obstacle);
	jsonw_member_array(w, "checks");
	for (size_t i = 0; i < d->n; i++) {
		jsonw_object(w);
		jsonw_member_string(w, "area", d->v[i].area);
		jsonw_member_string(w, "name", d->v[i].name);
		jsonw_member_string(w, "mark", marks[d->v[i].mark].word);
		jsonw_member_string(w, "found", d->v[i].found);
		jsonw_member_string(w, "advice", d->v[i].advice);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int doctor(const struct global *g not_used, int argc not_used, char **argv not_used)
{
	struct doctor *d = arena_alloc(sizeof(*d));

	doctor_examine(d);
	(values.json ? print_json : print_people)(d);
	return d->obstacle ? 1 : 0;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "report what this host supports, and what is missing",
	.options = doctor_options,
	.values = &values,
	.max_args = 0,
	.run = doctor,
};
