/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as tables: the same rows parse the command line, print --help and make the shell
 * completions.
 *
 * Engines and their wrappers write options in all forms that Go's parsers accept: "--root D",
 * "--root=D", "-root D", "-b D", twice (the last one wins), "--all=true". People also write them
 * after the container's id ("kill ID KILL -a"). runc accepts that for every command but exec and
 * ps, where the words after the id belong to another program. Example:
 *
 *     static const struct opt kill_options[] = {
 *             { "all", 'a', OPT_BOOL, offsetof(struct values, all), NULL, "send it to ..." },
 *             OPT_END,
 *     };
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include "base/base.h"
#include "base/names.h"

enum opt_kind {
	OPT_BOOL,   /* bool */
	OPT_STRING, /* const char * */
	OPT_TEXT,   /* the same; "" counts as not given, as in runc */
	/* const char *: NULL not given, "" without a value, which follows '=' only */
	OPT_OPTIONAL,
	OPT_UINT,    /* unsigned int: a count of at most 4096 */
	OPT_LIST,    /* struct strings: each use adds one */
	OPT_IGNORED, /* takes a value, which is ignored: runc has it, tamis does not need it */
	OPT_IGNORED_BOOL,
};

struct opt {
	const char *name; /* without dashes */
	char letter;	  /* 0: none */
	enum opt_kind kind;
	size_t offset;	   /* of the member in the struct that is filled */
	const char *value; /* name of the value in --help */
	const char *help;
	/* words that may be the value, for the completions; NULL: there are none */
	const struct name *words;
};

#define OPT_END              \
	{                    \
		.name = NULL \
	}

/* The words before the command's name, where messages name --help ("tamis"). Kept. */
void opt_set_program(const char *name);
/*
 * Parses argv[0..argc) into out, up to the first word that is not an option (or behind "--").
 * Returns the number of words used. -h and --help set *ret_help. Errors name the command (NULL:
 * none, for options before it) and suggest a similar option. Reporting.
 */
must_check int opt_parse(const struct opt *table, const char *command, int argc, char **argv,
			 void *out, bool *ret_help);
/*
 * As opt_parse(), for options before, between and after arguments; "--" ends the options. *ret_args
 * receives the arguments in order, followed by NULL. Returns their number. Reporting.
 */
must_check int opt_parse_mixed(const struct opt *table, const char *command, int argc, char **argv,
			       void *out, bool *ret_help, char ***ret_args);
/* Whether the option takes a value. */
bool opt_takes_value(const struct opt *o);
/* Prints the rows of --help, at most 80 columns wide. */
void opt_print_help(const struct opt *table);

#endif
