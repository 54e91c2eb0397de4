/* SPDX-License-Identifier: Apache-2.0 */
/* One statement of a minijail policy; only minijail.c needs this. */
#ifndef SECCOMP_MINIJAIL_PARSE_H
#define SECCOMP_MINIJAIL_PARSE_H

#include "seccomp/conjunction.h"
#include "seccomp/minijail.h"

/* Where parsing has come to in one line; comments are gone. */
struct minijail_line {
	const char *file, *next;
	unsigned int line;
	const struct minijail_source *source;
	uint64_t word; /* the largest number of a register */
};

struct minijail_clause {
	size_t n, room; /* all of them */
	struct conjunction_term *terms;
};

/* One of the filters of a call, which are tried in order. */
struct minijail_filter {
	size_t n, room; /* any of them; 0: always */
	struct minijail_clause *clauses;
	uint32_t action;
};

struct minijail_statement {
	size_t n_calls, room_calls;
	const char **calls;
	size_t n_filters, room_filters;
	struct minijail_filter *filters;
};

/* "read: 1". Reporting, with file and line. */
must_check int minijail_parse_statement(struct minijail_line *l, struct minijail_statement *ret);
/* "allow", "return EPERM". Reporting. */
must_check int minijail_parse_action(struct minijail_line *l, uint32_t *ret);
/* Passes over the word if it is the next. Silent. */
bool minijail_parse_word(struct minijail_line *l, const char *word);
/* Nothing may be left in the line. Reporting. */
must_check int minijail_parse_end(struct minijail_line *l);

#endif
