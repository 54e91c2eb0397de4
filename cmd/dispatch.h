/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a command in a table and reads its command line: for tamis and for its tool programs. */
#ifndef CMD_DISPATCH_H
#define CMD_DISPATCH_H

#include "base/base.h"
#include "cmd/cmd.h"

/* The command of that name in a table that ends with NULL, or NULL. Silent. */
const struct command *dispatch_find(const struct command *const *commands, const char *name);
/* NULL, with an error that suggests a name and says where help is ("tamis --help"). */
const struct command *dispatch_expect(const struct command *const *commands, const char *program,
				      const char *name);
/* Prints the commands with their summaries. */
void dispatch_print_list(const struct command *const *commands);
/* Prints "usage: PROGRAM COMMAND ..." and the options. Returns 0. */
int dispatch_print_help(const char *program, const struct command *c);
/*
 * Parses options into c->values and checks the number of arguments. *argc and *argv are what
 * stands behind the command's name; they get the arguments alone. Returns 1 if help was asked for
 * and printed, else 0. Reporting.
 */
must_check int dispatch_parse(const char *program, const struct command *c, int *argc,
			      char ***argv);

#endif
