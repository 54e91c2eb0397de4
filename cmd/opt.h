/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as tables: the same rows parse, print --help and make the shell completions.
 * Engines and their wrappers write them in every way that Go's parsers take: "--root D",
 * "--root=D", "-root D", "-b D", twice (the last one wins), "--all=true". People write them
 * behind the container's id as well ("kill ID KILL -a"), which runc takes for every command
 * but exec and ps, where the words behind the id are those of another program.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include "base/base.h"

enum opt_kind {
	OPT_BOOL,    /* bool */
	OPT_STRING,  /* const char * */
	OPT_TEXT,    /* the same; "" is as if it were not given, as with runc */
	OPT_UINT,    /* unsigned int, a count: 4096 at most */
	OPT_LIST,    /* struct strings: every time it is given adds one */
	OPT_IGNORED, /* takes a value, which is dropped: runc has it, tamis needs it not */
	OPT_IGNORED_BOOL,
};

struct opt {
	const char *name; /* without dashes */
	char letter;	  /* 0: none */
	enum opt_kind kind;
	size_t offset;	   /* of the member in the struct that is filled */
	const char *value; /* what to call the value in --help */
	const char *help;
};

#define OPT_END              \
	{                    \
		.name = NULL \
	}

/*
 * Parses argv[0..argc) into out up to the first word that is no option (or behind "--"), and
 * returns how many words that took. *ret_help is set by -h and --help. Reporting: names the
 * command (NULL: none, for what stands before it) and suggests the option that was meant.
 */
must_check int opt_parse(const struct opt *table, const char *command, int argc, char **argv,
			 void *out, bool *ret_help);
/*
 * The same for options before, between and behind arguments; "--" ends them. *ret_args gets the
 * arguments in their order, NULL behind the last; returns how many there are. Reporting.
 */
must_check int opt_parse_mixed(const struct opt *table, const char *command, int argc, char **argv,
			       void *out, bool *ret_help, char ***ret_args);
/* Whether a value follows it. */
bool opt_takes_value(const struct opt *o);
/* The rows of --help, at most 80 columns wide. */
void opt_print_help(const struct opt *table);

#endif
