/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis completion: scripts for bash, zsh and fish. They are made from the tables that parse the
 * command line, so they cannot name an option that does not exist. The scripts contain only text of
 * our own tables. Ids come from 'tamis list -q' when a word is completed, and are used as words,
 * never as code.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

static const struct command *const *commands; /* as in struct global */

enum { BASH, ZSH, FISH };

static const struct name shells[] = { { "bash", BASH }, { "zsh", ZSH }, { "fish", FISH }, { 0 } };

/* The words, with a blank between them. */
static const char *list_words(const struct name *table)
{
	const char *list = "";

	for (; table && table->name; table++)
		list = arena_printf("%s%s%s", list, *list ? " " : "", table->name);
	return list;
}

static const char *words_of(const struct opt *o)
{
	return list_words(o->words);
}

static bool is_file(const struct opt *o)
{
	static const char *const files[] = { "FILE", "PATH", "PROFILE" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (o->value && strcmp(o->value, files[i]) == 0)
			return true;
	return false;
}

static bool is_dir(const struct opt *o)
{
	return o->value && strcmp(o->value, "DIR") == 0;
}

/* Commands that make a container take a new id. They are those with --bundle. */
static bool takes_known_id(const struct command *c)
{
	for (const struct opt *o = c->options; o->name; o++)
		if (strcmp(o->name, "bundle") == 0)
			return false;
	return strncmp(c->arguments, "ID", 2) == 0;
}

/* The names of the commands whose words another program completes, with a blank behind each. */
static const char *list_forwarding(void)
{
	const char *list = "";

	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->forwards)
			list = arena_printf("%s%s ", list, commands[i]->name);
	return list;
}

static bool is_shown(const struct opt *o)
{
	return o->help != NULL;
}

/*
 * Prints text inside single quotes of the shell. A quote ends them, and zsh gives some characters a
 * meaning.
 */
static void print_quoted(const char *s, const char *escaped)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (strchr(escaped, *s))
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

/* --- bash ----------------------------------------------------------------------------------- */

static const char bash_body[] =
	"_tamis_ids()\n"
	"{\n"
	"\ttamis ${1:+--root \"$1\"} list -q 2>/dev/null\n"
	"}\n"
	"\n"
	"_tamis_propose() # KIND CURRENT: dirs, files, or words, perhaps with files\n"
	"{\n"
	"\tlocal word=$2\n"
	"\tcase $1 in\n"
	"\tdirs) mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
	"\tfiles) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
	"\t*+files) mapfile -t COMPREPLY < <(compgen -W \"${1%+files}\" -f -- \"$word\") ;;\n"
	"\t*) mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\") ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"_tamis_forward() # WORD...: proposals of the program that the first one runs\n"
	"{\n"
	"\tlocal cur=${!#}\n"
	"\tmapfile -t COMPREPLY < <(tamis \"$1\" __complete \"${@:2}\" 2>/dev/null)\n"
	"\t[ \"${COMPREPLY[0]}\" = +files ] || return 0\n"
	"\tCOMPREPLY=(\"${COMPREPLY[@]:1}\")\n"
	"\tmapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"}\n"
	"\n"
	"_tamis()\n"
	"{\n"
	"\tlocal command=tamis root='' word value want='' arguments=0 i\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [ -n \"$want\" ]; then # bash makes a word of its own of \"=\"\n"
	"\t\t\t[ \"$word\" != = ] || continue\n"
	"\t\t\t[ \"$want\" != tamis:--root ] || root=$word\n"
	"\t\t\twant=''\n"
	"\t\telif _tamis_is_option \"$command\" $arguments \"$word\"; then\n"
	"\t\t\tvalue=$(_tamis_value \"$command:$word\") && want=$command:$word\n"
	"\t\telif [ $command = tamis ] && [[ $_tamis_forwarding = *\"$word \"* ]]; then\n"
	"\t\t\t_tamis_forward \"${COMP_WORDS[@]:i:COMP_CWORD-i+1}\"\n"
	"\t\t\treturn\n"
	"\t\telif [ $command = tamis ]; then\n"
	"\t\t\tcommand=$word\n"
	"\t\telse\n"
	"\t\t\targuments=$((arguments + 1))\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif [ -n \"$want\" ]; then\n"
	"\t\t[ \"$cur\" != = ] || cur=''\n"
	"\t\t_tamis_propose \"$(_tamis_value \"$want\")\" \"$cur\"\n"
	"\telif _tamis_is_option \"$command\" $arguments \"$cur\"; then\n"
	"\t\t_tamis_propose \"$(_tamis_options \"$command\")\" \"$cur\"\n"
	"\telif [ $command = tamis ]; then\n"
	"\t\t_tamis_propose \"$_tamis_commands\" \"$cur\"\n"
	"\telif [ $arguments = 0 ]; then\n"
	"\t\t_tamis_propose \"$(_tamis_arguments \"$command\" \"$root\")\" \"$cur\"\n"
	"\tfi\n"
	"}\n"
	"complete -o filenames -F _tamis tamis\n";

static void bash_options(const char *command, const struct opt *table)
{
	printf("\t%s) echo \"", command);
	for (const struct opt *o = table; o->name; o++)
		if (is_shown(o))
			printf("--%s ", o->name);
	printf("--help\" ;;\n");
}

static void bash_values(const char *command, const struct opt *table)
{
	for (const struct opt *o = table; o->name; o++) {
		const char *words = words_of(o);

		if (!opt_takes_value(o))
			continue;
		printf("\t%s:--%s | %s:-%s", command, o->name, command, o->name);
		if (o->letter)
			printf(" | %s:-%c", command, o->letter);
		printf(") echo '%s%s%s' ;;\n", words, *words && is_file(o) ? "+" : "",
		       is_file(o)  ? "files"
		       : is_dir(o) ? "dirs"
				   : "");
	}
}

static void print_bash(const struct opt *global)
{
	const struct command *c;

	printf("# bash completion for tamis(8), written by 'tamis completion bash'\n\n"
	       "_tamis_commands='");
	for (size_t i = 0; (c = commands[i]); i++)
		printf("%s ", c->name);
	printf("help'\n_tamis_forwarding='%s'\n\n_tamis_is_option() # COMMAND ARGUMENTS WORD: "
	       "behind so many arguments\n{\n"
	       "\t[[ $3 == -* ]] || return 1\n\tcase $1:$2 in\n\t*:0) ;;\n",
	       list_forwarding());
	for (size_t i = 0; (c = commands[i]); i++)
		if (c->words_are_data)
			printf("\t%s:*) return 1 ;;\n", c->name);
	printf("\tesac\n}\n\n_tamis_options() # COMMAND\n{\n\tcase $1 in\n");
	bash_options("tamis", global);
	for (size_t i = 0; (c = commands[i]); i++)
		bash_options(c->name, c->options);
	printf("\tesac\n}\n\n_tamis_value() # COMMAND:OPTION: its kind; fails if it takes none\n"
	       "{\n\tcase $1 in\n");
	bash_values("tamis", global);
	for (size_t i = 0; (c = commands[i]); i++)
		bash_values(c->name, c->options);
	printf("\t*) return 1 ;;\n\tesac\n}\n\n"
	       "_tamis_arguments() # COMMAND ROOT\n{\n\tcase $1 in\n"
	       "\thelp) echo \"$_tamis_commands\" ;;\n\tcompletion) echo '%s' ;;\n",
	       list_words(shells));
	for (size_t i = 0; (c = commands[i]); i++)
		if (takes_known_id(c))
			printf("\t%s) _tamis_ids \"$2\" ;;\n", c->name);
	printf("\tesac\n}\n\n%s", bash_body);
}

/* --- zsh ------------------------------------------------------------------------------------ */

static void zsh_value(const struct opt *o)
{
	const char *words = words_of(o);

	printf(":%s:", o->value ? o->value : "value");
	if (*words && is_file(o))
		printf("{ _alternative \"words\\:word\\:(%s)\" \"files\\:file\\:_files\" }", words);
	else if (*words)
		printf("(%s)", words);
	else
		printf("%s", is_dir(o) ? "_files -/" : is_file(o) ? "_files" : " ");
}

static void zsh_options(const struct opt *table)
{
	for (const struct opt *o = table; o->name; o++) {
		const char *many = o->kind == OPT_LIST ? "*" : "";

		if (!is_shown(o))
			continue;
		for (int letter = 0; letter <= (o->letter ? 1 : 0); letter++) {
			char name[2] = { o->letter, 0 };

			printf(" \\\n\t\t'%s%s%s%s[", many, letter ? "-" : "--",
			       letter ? name : o->name,
			       !opt_takes_value(o) ? ""
			       : letter		   ? "+"
						   : "=");
			print_quoted(o->help, "[]\\");
			putchar(']');
			if (opt_takes_value(o))
				zsh_value(o);
			putchar('\'');
		}
	}
	printf(" \\\n\t\t'(- *)--help[tell about it]'");
}

static void print_zsh(const struct opt *global)
{
	const struct command *c;

	printf("#compdef tamis\n# zsh completion for tamis(8), written by 'tamis completion "
	       "zsh'\n\n"
	       "_tamis_forward() { # WORD...: proposals of the program that the first one runs\n"
	       "\tlocal -a found\n"
	       "\tfound=(${(f)\"$(_call_program words tamis $1 __complete ${(q)@[2,-1]} "
	       "2>/dev/null)\"})\n"
	       "\tif [[ $found[1] = +files ]]; then\n\t\tshift found\n\t\t_files\n\tfi\n"
	       "\tcompadd -Q -a found\n}\n\n"
	       "_tamis_ids() {\n\tlocal -a ids\n"
	       "\tids=(${(f)\"$(_call_program ids tamis ${opt_args[--root]:+--root} "
	       "${opt_args[--root]} list -q 2>/dev/null)\"})\n"
	       "\tcompadd -a ids\n}\n\n"
	       "_tamis_commands() {\n\tlocal -a commands=(");
	for (size_t i = 0; (c = commands[i]); i++) {
		printf("\n\t\t'%s:", c->name);
		print_quoted(c->summary, ":\\");
		putchar('\'');
	}
	printf("\n\t)\n\t_describe command commands\n}\n\n"
	       "_tamis() {\n\tlocal curcontext=$curcontext state line\n"
	       "\ttypeset -A opt_args\n\n\t_arguments -C");
	zsh_options(global);
	printf(" \\\n\t\t'1:command:_tamis_commands' '*::argument:->argument'\n"
	       "\t[[ $state = argument ]] || return\n\tcase $line[1] in\n"
	       "\thelp) _tamis_commands ;;\n");
	for (size_t i = 0; (c = commands[i]); i++) {
		if (c->forwards) {
			printf("\t%s) _tamis_forward $words[1,CURRENT] ;;\n", c->name);
			continue;
		}
		printf("\t%s) _arguments -S%s", c->name, c->words_are_data ? " -A \"-*\"" : "");
		zsh_options(c->options);
		if (takes_known_id(c))
			printf(" \\\n\t\t'1:container:_tamis_ids' '*:: : '");
		if (strcmp(c->name, "completion") == 0)
			printf(" \\\n\t\t'1:shell:(%s)'", list_words(shells));
		printf(" ;;\n");
	}
	printf("\tesac\n}\n\n_tamis \"$@\"\n");
}

/* --- fish ----------------------------------------------------------------------------------- */

static void fish_options(const char *when, const struct opt *table)
{
	for (const struct opt *o = table; o->name; o++) {
		const char *words = words_of(o);

		if (!is_shown(o))
			continue;
		printf("complete -c tamis -n '%s' -l %s", when, o->name);
		if (o->letter)
			printf(" -s %c", o->letter);
		if (opt_takes_value(o))
			printf(is_file(o) ? " -r -F" : " -x");
		if (*words)
			printf(" -a '%s'", words);
		if (is_dir(o))
			printf(" -a '(__fish_complete_directories)'");
		printf(" -d '");
		print_quoted(o->help, "\\");
		printf("'\n");
	}
}

static void print_fish(const struct opt *global)
{
	static const char none[] = "__fish_use_subcommand";
	const struct command *c;

	printf("# fish completion for tamis(8), written by 'tamis completion fish'\n"
	       "complete -c tamis -f\n"
	       "function __tamis_forward # COMMAND: proposals of the program that it runs\n"
	       "\tset -l words (commandline -opc) (commandline -ct)\n"
	       "\tset -l at (contains -i -- $argv[1] $words)\n"
	       "\tset -l found (tamis $argv[1] __complete $words[(math $at + 1)..-1] 2>/dev/null)\n"
	       "\tif test \"$found[1]\" = +files\n"
	       "\t\tset -e found[1]\n\t\t__fish_complete_path (commandline -ct)\n\tend\n"
	       "\tprintf '%%s\\n' $found\nend\n");
	fish_options(none, global);
	for (size_t i = 0; (c = commands[i]); i++) {
		char when[80];

		printf("complete -c tamis -n %s -a %s -d '", none, c->name);
		print_quoted(c->summary, "\\");
		printf("'\n");
		snprintf(when, sizeof(when), "__fish_seen_subcommand_from %s", c->name);
		fish_options(when, c->options);
		if (c->forwards)
			printf("complete -c tamis -n '%s' -a '(__tamis_forward %s)'\n", when,
			       c->name);
		if (takes_known_id(c))
			printf("complete -c tamis -n '%s' -a '(tamis list -q 2>/dev/null)'\n",
			       when);
	}
	printf("complete -c tamis -n '__fish_seen_subcommand_from completion' "
	       "-a '%s'\n",
	       list_words(shells));
}

/* --- the command ----------------------------------------------------------------------------- */

static int completion(const struct global *g, int argc not_used, char **argv)
{
	static void (*const print[])(const struct opt *global) = {
		[BASH] = print_bash, [ZSH] = print_zsh, [FISH] = print_fish
	};
	const struct name *shell = names_find(shells, argv[0]);

	if (!shell)
		return fail(0, "completion: expected bash, zsh or fish, found '%s'", argv[0]);
	commands = g->commands;
	print[shell->value](g->options);
	return 0;
}

const struct command cmd_completion = {
	.name = "completion",
	.arguments = "SHELL",
	.summary = "print completions for bash, zsh or fish",
	.options = cmd_no_options,
	.min_args = 1,
	.max_args = 1,
	.run = completion,
};
