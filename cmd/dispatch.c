/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what all programs with commands say of an unknown command, of help and of usage. */
#include "cmd/dispatch.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"

#include <stdio.h>
#include <string.h>

const struct command *dispatch_find(const struct command *const *commands, const char *name)
{
	for (; *commands; commands++)
		if (strcmp((*commands)->name, name) == 0)
			return *commands;
	return NULL;
}

const struct command *dispatch_expect(const struct command *const *commands, const char *program,
				      const char *name)
{
	const struct command *found = dispatch_find(commands, name);
	size_t n = 0;

	if (found)
		return found;
	while (commands[n])
		n++;
	struct name *names = arena_array(n + 1, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i].name = commands[i]->name;
	const char *like = names_like(names, name);

	if (like)
		fail_note(0, "unknown command '%s'; did you mean '%s'?", name, like);
	else
		fail_note(0, "unknown command '%s'; see '%s --help'", name, program);
	return NULL;
}

void dispatch_print_list(const struct command *const *commands)
{
	for (; *commands; commands++)
		printf("  %-10s %s\n", (*commands)->name, (*commands)->summary);
}

int dispatch_print_help(const char *program, const struct command *c)
{
	printf("usage: %s %s%s %s\n\n%s\n", program, c->name,
	       c->options->name ? " [OPTION...]" : "", c->arguments, c->summary);
	if (c->options->name)
		printf("\noptions:\n");
	opt_print_help(c->options);
	return 0;
}

int dispatch_parse(const char *program, const struct command *c, int *argc, char ***argv)
{
	char **args = *argv;
	bool help;

	if (c->forwards)
		return 0;
	int n = c->words_are_data ? opt_parse(c->options, c->name, *argc, *argv, c->values, &help)
				  : opt_parse_mixed(c->options, c->name, *argc, *argv, c->values,
						    &help, &args);

	if (n >= 0 && help) {
		dispatch_print_help(program, c);
		return 1;
	}
	if (n < 0)
		return n;
	*argc = c->words_are_data ? *argc - n : n;
	*argv = args + (c->words_are_data ? n : 0);
	if (*argc < c->min_args || (c->max_args >= 0 && *argc > c->max_args))
		return fail(0, "usage: %s %s%s %s", program, c->name,
			    c->options->name ? " [OPTION...]" : "", c->arguments);
	return 0;
}
