/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a struct from argv by a table. opt.h says what engines need. */
#include "cmd/opt.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "oci/decode.h"

#include <stdio.h>
#include <string.h>

enum { MAX_OPTIONS = 64, HELP_COLUMN = 28, HELP_WIDTH = 80, UINT_MOST = 4096 };

static const char *program = "tamis";

void opt_set_program(const char *name)
{
	program = name;
}

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

/* Returns the prefix of messages about the command's options. */
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
	const char *like = names_like(names, wanted);

	if (like)
		return fail(0, "%sunknown option '--%s'; did you mean '--%s'?", prefix(command),
			    wanted, like);
	return fail(0, "%sunknown option '--%s'; see '%s %s%s--help'", prefix(command), wanted,
		    program, command ? command : "", command ? " " : "");
}

static int store_bool(const struct opt *o, const char *command, const char *value, void *out)
{
	static const struct name words[] = {
		{ "true", 1 },	{ "1", 1 },	{ "t", 1 },    { "T", 1 },  { "True", 1 },
		{ "TRUE", 1 },	{ "false", 0 }, { "0", 0 },    { "f", 0 },  { "F", 0 },
		{ "False", 0 }, { "FALSE", 0 }, { "auto", 0 }, { NULL, 0 },
	};
	const struct name *w = value ? names_find(words, value) : words;

	if (!w)
		return fail(0, "%s--%s: expected true or false, found '%s'", prefix(command),
			    o->name, value);
	if (o->kind == OPT_BOOL)
		*(bool *)((char *)out + o->offset) = w->value;
	return 0;
}

static void add(struct strings *list, const char *value)
{
	if ((list->n & (list->n - 1)) == 0) { /* the array is full at every power of two */
		char **v = arena_array(list->n ? 2 * list->n : 1, sizeof(*v));

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	list->v[list->n++] = arena_strdup(value);
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
	case OPT_OPTIONAL:
		*(const char **)member = value ? value : "";
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

/* Parses one option of at most argc words. Returns the number of words used. */
static int parse_one(const struct opt *table, const char *command, int argc, char **argv, void *out)
{
	const char *name = argv[0] + 1 + (argv[0][1] == '-');
	size_t n = strcspn(name, "=");
	const char *value = name[n] ? name + n + 1 : NULL;
	const struct opt *o = find(table, name, n);
	int took = 1;

	if (!o)
		return unknown(table, command, name, n);
	if (opt_takes_value(o) && !value) {
		if (argc < 2)
			return fail(0, "%s--%s: flag needs an argument: %s", prefix(command),
				    o->name, o->value);
		value = argv[took++];
	}
	int r = store(o, command, value, out);

	return r < 0 ? r : took;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

static bool is_help(const char *word)
{
	const char *name = word + 1 + (word[1] == '-');
	size_t n = strcspn(name, "=");

	return (n == 4 && strncmp(name, "help", 4) == 0) || (n == 1 && *name == 'h');
}

/* Parses up to the first word that is not an option, or behind "--", which sets *ret_end. */
static int parse_run(const struct opt *table, const char *command, int argc, char **argv, void *out,
		     bool *ret_help, bool *ret_end)
{
	int i = 0;

	*ret_end = false;
	while (i < argc && is_option(argv[i])) {
		if (strcmp(argv[i], "--") == 0) {
			*ret_end = true;
			return i + 1;
		}
		int took = 1;

		if (is_help(argv[i]))
			*ret_help = true;
		else
			took = parse_one(table, command, argc - i, argv + i, out);
		if (took < 0)
			return took;
		i += took;
	}
	return i;
}

int opt_parse(const struct opt *table, const char *command, int argc, char **argv, void *out,
	      bool *ret_help)
{
	bool end;

	*ret_help = false;
	return parse_run(table, command, argc, argv, out, ret_help, &end);
}

int opt_parse_mixed(const struct opt *table, const char *command, int argc, char **argv, void *out,
		    bool *ret_help, char ***ret_args)
{
	char **args = arena_array((size_t)argc + 1, sizeof(*args));
	bool end = false;
	int n = 0;

	*ret_help = false;
	for (int i = 0; i < argc; i++) {
		if (!end) {
			int took =
				parse_run(table, command, argc - i, argv + i, out, ret_help, &end);

			if (took < 0)
				return took;
			i += took;
		}
		if (i < argc)
			args[n++] = argv[i];
	}
	*ret_args = args;
	return n;
}

/* Prints the help text from HELP_COLUMN on, wrapped at words. */
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
		bool optional = table->kind == OPT_OPTIONAL;

		snprintf(left, sizeof(left), "  %s%c%s --%s%s%s%s", table->letter ? "-" : " ",
			 table->letter ? table->letter : ' ', table->letter ? "," : " ",
			 table->name,
			 optional	? "[="
			 : table->value ? " "
					: "",
			 table->value ? table->value : "", optional ? "]" : "");
		if (strlen(left) >= HELP_COLUMN)
			printf("%s\n%*s", left, HELP_COLUMN, "");
		else
			printf("%-*s", HELP_COLUMN, left);
		print_wrapped(table->help);
	}
}
