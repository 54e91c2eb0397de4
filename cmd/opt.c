/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a struct from argv by a table. See opt.h for what engines need of it. */
#include "cmd/opt.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "oci/decode.h"

#include <stdio.h>
#include <string.h>

enum { MAX_OPTIONS = 64, HELP_COLUMN = 28, HELP_WIDTH = 80, UINT_MOST = 4096 };

bool opt_takes_value(const struct opt *o)
{
	return o->kind == OPT_STRING || o->kind == OPT_TEXT || o->kind == OPT_UINT ||
	       o->kind == OPT_LIST || o->kind == OPT_IGNORED;
}

static const struct opt *find(const struct opt *table, const char *name, size_t n)
{
	for (; table->name; table++)
		if ((strncmp(table->name, name, n) == 0 && !table->name[n]) ||
		    (n == 1 && table->letter == *name))
			return table;
	return NULL;
}

/* What a message about the command's options begins with. */
static const char *prefix(const char *command)
{
	return command ? arena_printf("%s: ", command) : "";
}

static int unknown(const struct opt *table, const char *command, const char *word, size_t n)
{
	struct name names[MAX_OPTIONS + 1] = { { NULL, 0 } };
	char wanted[64];

	for (size_t i = 0; i < MAX_OPTIONS && table[i].name; i++)
		names[i] = (struct name){ table[i].name, 0 };
	snprintf(wanted, sizeof(wanted), "%.*s", (int)n, word);
	const char *like = name_like(names, wanted);

	if (like)
		return fail(0, "%sunknown option '--%s'; did you mean '--%s'?", prefix(command),
			    wanted, like);
	return fail(0, "%sunknown option '--%s'; see 'tamis %s%s--help'", prefix(command), wanted,
		    command ? command : "", command ? " " : "");
}

static int store_bool(const struct opt *o, const char *command, const char *value, void *out)
{
	static const struct name words[] = { { "true", 1 },  { "1", 1 }, { "t", 1 },
					     { "false", 0 }, { "0", 0 }, { "f", 0 },
					     { "auto", 0 },  { NULL, 0 } };
	const struct name *w = value ? name_find(words, value) : words;

	if (!w)
		return fail(0, "%s--%s: expected true or false, found '%s'", prefix(command),
			    o->name, value);
	if (o->kind == OPT_BOOL)
		*(bool *)((char *)out + o->offset) = w->value;
	return 0;
}

static void add(struct strings *list, const char *value)
{
	char **v = arena_array(list->n + 1, sizeof(*v));

	if (list->n)
		memcpy(v, list->v, list->n * sizeof(*v));
	v[list->n++] = arena_strdup(value);
	list->v = v;
}

static int store(const struct opt *o, const char *command, const char *value, void *out)
{
	void *member = (char *)out + o->offset;
	uint32_t n;

	switch (o->kind) {
	case OPT_STRING:
		*(const char **)member = value;
		return 0;
	case OPT_TEXT:
		*(const char **)member = *value ? value : NULL;
		return 0;
	case OPT_UINT:
		if (num_parse_u32(value, &n) < 0 || n > UINT_MOST)
			return fail(0, "%s--%s: expected a number from 0 to %d, found '%s'",
				    prefix(command), o->name, UINT_MOST, value);
		*(unsigned int *)member = n;
		return 0;
	case OPT_LIST:
		add(member, value);
		return 0;
	case OPT_IGNORED:
		return 0;
	case OPT_BOOL:
	case OPT_IGNORED_BOOL:
		break;
	}
	return store_bool(o, command, value, out);
}

int opt_parse(const struct opt *table, const char *command, int argc, char **argv, void *out,
	      bool *ret_help)
{
	int i = 0;

	*ret_help = false;
	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const char *name = argv[i] + 1 + (argv[i][1] == '-');
		size_t n = strcspn(name, "=");
		const char *value = name[n] ? name + n + 1 : NULL;

		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		if ((n == 4 && strncmp(name, "help", 4) == 0) || (n == 1 && *name == 'h')) {
			*ret_help = true;
			continue;
		}
		const struct opt *o = find(table, name, n);

		if (!o)
			return unknown(table, command, name, n);
		if (opt_takes_value(o) && !value) {
			if (i + 1 == argc)
				return fail(0, "%s--%s: flag needs an argument: %s",
					    prefix(command), o->name, o->value);
			value = argv[++i];
		}
		int r = store(o, command, value, out);

		if (r < 0)
			return r;
	}
	return i;
}

/* The help text from HELP_COLUMN on, wrapped at words. */
static void print_wrapped(const char *text)
{
	const size_t width = HELP_WIDTH - HELP_COLUMN;

	while (strlen(text) > width) {
		size_t n = width;

		while (n && text[n] != ' ')
			n--;
		printf("%.*s\n%*s", (int)n, text, HELP_COLUMN, "");
		text += n + 1;
	}
	printf("%s\n", text);
}

void opt_print_help(const struct opt *table)
{
	for (; table->name; table++) {
		char left[64];

		if (!table->help)
			continue;
		snprintf(left, sizeof(left), "  %s%c%s --%s%s%s", table->letter ? "-" : " ",
			 table->letter ? table->letter : ' ', table->letter ? "," : " ",
			 table->name, table->value ? " " : "", table->value ? table->value : "");
		if (strlen(left) >= HELP_COLUMN)
			printf("%s\n%*s", left, HELP_COLUMN, "");
		else
			printf("%-*s", HELP_COLUMN, left);
		print_wrapped(table->help);
	}
}
