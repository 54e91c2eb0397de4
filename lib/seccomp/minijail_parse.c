/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the grammar of one statement. Nothing is optional that minijail's readers do not both
 * leave out, and what they read in two ways is refused.
 */
#include "seccomp/minijail_parse.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "seccomp/errno_names.h"
#include "seccomp/syscall.h"

#include <ctype.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095, PARENTHESES_MAX = 16 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

static const struct name words_actions[] = {
	{ "allow", SECCOMP_RET_ALLOW },
	{ "1", SECCOMP_RET_ALLOW },
	{ "kill", SECCOMP_RET_KILL_THREAD },
	{ "kill-process", SECCOMP_RET_KILL_PROCESS },
	{ "kill-thread", SECCOMP_RET_KILL_THREAD },
	{ "log", SECCOMP_RET_LOG },
	{ "trace", SECCOMP_RET_TRACE },
	{ "trap", SECCOMP_RET_TRAP },
	{ "user-notify", SECCOMP_RET_USER_NOTIF },
	{ NULL, 0 },
};

static void pass_blanks(struct minijail_line *l)
{
	l->next += strspn(l->next, " \t\r");
}

/* The word that is next, cut; "" if it is a sign. */
static const char *peek(struct minijail_line *l)
{
	pass_blanks(l);

	size_t n = strspn(l->next, letters);

	return arena_memdup(l->next, n);
}

static int refuse(struct minijail_line *l, const char *expected)
{
	size_t n = 0;

	pass_blanks(l);
	while (n < 40 && isprint((unsigned char)l->next[n]))
		n++;
	return fail(0, "%s:%u: expected %s, found %s%.*s%s", l->file, l->line, expected,
		    n ? "\"" : "", n ? (int)n : 15, n ? l->next : "the end of line", n ? "\"" : "");
}

bool minijail_parse_word(struct minijail_line *l, const char *word)
{
	size_t n = strlen(word);
	bool is_word = strchr(letters, word[n - 1]) != NULL;

	pass_blanks(l);
	if (strncmp(l->next, word, n) != 0 ||
	    (is_word && l->next[n] && strchr(letters, l->next[n])))
		return false;
	l->next += n;
	return true;
}

int minijail_parse_end(struct minijail_line *l)
{
	pass_blanks(l);
	return *l->next ? refuse(l, "the end of line") : 0;
}

/* --- values ------------------------------------------------------------------------------ */

/* As C writes numbers, of one word of the machine. */
static bool number_of(const char *s, uint64_t word, uint64_t *ret)
{
	bool negative;
	uint64_t v;

	if (num_parse_c(s, &v, &negative) < 0 || v > word || (negative && v > word / 2 + 1))
		return false;
	*ret = negative ? -v & word : v;
	return true;
}

static int constant(struct minijail_line *l, uint64_t *ret)
{
	const char *word = peek(l);
	const struct minijail_source *s = l->source;
	bool number = *word == '-' || (*word >= '0' && *word <= '9');

	if (!*word || (number && !number_of(word, l->word, ret)))
		return refuse(l, "a number or the name of a constant");
	if (!number && (!s || !s->constant || !s->constant(s->ctx, word, ret)))
		return refuse(l, "a known constant");
	*ret &= l->word;
	l->next += strlen(word);
	return 0;
}

static int value(struct minijail_line *l, int depth, uint64_t *ret);

/* constant | ~constant | (value) | ~(value) */
static int part(struct minijail_line *l, int depth, uint64_t *ret) // NOLINT(misc-no-recursion)
{
	bool inverted = minijail_parse_word(l, "~");
	int r;

	if (minijail_parse_word(l, "(")) {
		if (depth == PARENTHESES_MAX)
			return refuse(l, "fewer parentheses");
		r = value(l, depth + 1, ret);
		if (r >= 0 && !minijail_parse_word(l, ")"))
			r = refuse(l, "\")\"");
	} else {
		r = constant(l, ret);
	}
	if (inverted)
		*ret = ~*ret & l->word;
	return r;
}

static int value(struct minijail_line *l, int depth, uint64_t *ret) // NOLINT(misc-no-recursion)
{
	int r;

	*ret = 0;
	do {
		uint64_t one = 0;

		r = part(l, depth, &one);
		*ret |= one;
		pass_blanks(l);
		if (l->next[0] == '|' && l->next[1] == '|')
			break;
	} while (r >= 0 && minijail_parse_word(l, "|"));
	return r;
}

/* --- expressions ------------------------------------------------------------------------- */

/* arg & mask: one of its bits is set. arg in mask: none besides. */
static int atom(struct minijail_line *l, struct conjunction_term *ret)
{
	static const struct {
		const char *word;
		enum seccomp_op op;
	} ops[] = {
		{ "==", SECCOMP_OP_EQ },	{ "!=", SECCOMP_OP_NE },
		{ "<=", SECCOMP_OP_LE },	{ "<", SECCOMP_OP_LT },
		{ ">=", SECCOMP_OP_GE },	{ ">", SECCOMP_OP_GT },
		{ "in", SECCOMP_OP_MASKED_EQ }, { "&", SECCOMP_OP_MASKED_EQ },
	};
	const char *word = peek(l);
	size_t i = 0;
	uint64_t v;
	int r;

	if (strlen(word) != 4 || strncmp(word, "arg", 3) != 0 || word[3] < '0' || word[3] > '5')
		return refuse(l, "arg0 to arg5");
	l->next += 4;
	pass_blanks(l);
	if (l->next[0] == '&' && l->next[1] == '&')
		return refuse(l, "an operator");
	while (i < ARRAY_LEN(ops) && !minijail_parse_word(l, ops[i].word))
		i++;
	if (i == ARRAY_LEN(ops))
		return refuse(l, "an operator (== != < <= > >= & in)");
	r = value(l, 0, &v);
	*ret = (struct conjunction_term){ .condition = { (uint8_t)(word[3] - '0'), ops[i].op, v,
							 0 } };
	if (ops[i].word[0] == 'i')
		ret->condition.value = ~v & l->word;
	ret->negate = ops[i].word[0] == '&';
	return r;
}

static int clause(struct minijail_line *l, struct minijail_clause *ret)
{
	int r;

	*ret = (struct minijail_clause){ 0 };
	do {
		ret->terms = arena_grow(ret->terms, ret->n, &ret->room, sizeof(*ret->terms));
		r = atom(l, &ret->terms[ret->n++]);
	} while (r >= 0 && minijail_parse_word(l, "&&"));
	return r;
}

static int expression(struct minijail_line *l, struct minijail_filter *ret)
{
	int r;

	do {
		ret->clauses = arena_grow(ret->clauses, ret->n, &ret->room, sizeof(*ret->clauses));
		r = clause(l, &ret->clauses[ret->n++]);
	} while (r >= 0 && minijail_parse_word(l, "||"));
	return r;
}

int minijail_parse_action(struct minijail_line *l, uint32_t *ret)
{
	const char *word = peek(l);
	const struct name *action = names_find(words_actions, word);
	uint64_t v;
	int code, r;

	if (action) {
		l->next += strlen(word);
		*ret = (uint32_t)action->value;
		return 0;
	}
	if (!minijail_parse_word(l, "return"))
		return refuse(l, "allow, kill, trap, log, trace, user-notify or return");
	code = errno_names_find(peek(l));
	if (code >= 0) {
		l->next += strlen(peek(l));
		*ret = SECCOMP_RET_ERRNO | (uint32_t)code;
		return 0;
	}
	r = value(l, 0, &v);
	if (r >= 0 && v > ERRNO_MAX)
		return fail(0, "%s:%u: expected an error number of at most %d", l->file, l->line,
			    ERRNO_MAX);
	*ret = SECCOMP_RET_ERRNO | (uint32_t)v;
	return r;
}

/* --- statements -------------------------------------------------------------------------- */

static bool is_argument(struct minijail_line *l)
{
	const char *word = peek(l);

	return strncmp(word, "arg", 3) == 0 && word[3] >= '0' && word[3] <= '9';
}

/* In braces: the action is taken where the expression holds. */
static int listed_filter(struct minijail_line *l, struct minijail_filter *ret)
{
	int r = 0;

	*ret = (struct minijail_filter){ .action = SECCOMP_RET_ALLOW };
	if (!is_argument(l))
		return minijail_parse_action(l, &ret->action);
	r = expression(l, ret);
	if (r >= 0 && minijail_parse_word(l, ";"))
		r = minijail_parse_action(l, &ret->action);
	return r;
}

/* Alone: "expression; return E" is E where it does not hold. */
static int single_filter(struct minijail_line *l, struct minijail_statement *ret)
{
	struct minijail_filter *f = ret->filters = arena_array(2, sizeof(*f));
	int r;

	ret->n_filters = 1;
	f[0].action = SECCOMP_RET_ALLOW;
	if (!is_argument(l))
		return minijail_parse_action(l, &f[0].action);
	r = expression(l, &f[0]);
	if (r < 0 || !minijail_parse_word(l, ";"))
		return r;
	if (strcmp(peek(l), "return") != 0)
		return refuse(l, "return (minijail0 takes nothing else here)");
	ret->n_filters = 2;
	return minijail_parse_action(l, &f[1].action);
}

static int filters(struct minijail_line *l, struct minijail_statement *ret)
{
	int r;

	if (!minijail_parse_word(l, "{"))
		return single_filter(l, ret);
	do {
		ret->filters = arena_grow(ret->filters, ret->n_filters, &ret->room_filters,
					  sizeof(*ret->filters));
		r = listed_filter(l, &ret->filters[ret->n_filters++]);
	} while (r >= 0 && minijail_parse_word(l, ","));
	return r >= 0 && !minijail_parse_word(l, "}") ? refuse(l, "\",\" or \"}\"") : r;
}

static int call(struct minijail_line *l, struct minijail_statement *ret)
{
	const char *word = peek(l);

	if (!*word)
		return refuse(l, "the name of a system call");
	if (syscall_id(word) < 0)
		return fail(0, "%s:%u: no architecture has a call \"%.60s\"", l->file, l->line,
			    word);
	l->next += strlen(word);
	pass_blanks(l);
	if (*l->next == '[' || *l->next == '@')
		return refuse(l, "no metadata and no groups of minijail's own");
	ret->calls = arena_grow(ret->calls, ret->n_calls, &ret->room_calls, sizeof(*ret->calls));
	ret->calls[ret->n_calls++] = word;
	return 0;
}

int minijail_parse_statement(struct minijail_line *l, struct minijail_statement *ret)
{
	bool braces = minijail_parse_word(l, "{");
	int r;

	*ret = (struct minijail_statement){ 0 };
	do {
		r = call(l, ret);
	} while (r >= 0 && braces && minijail_parse_word(l, ","));
	if (r >= 0 && braces && !minijail_parse_word(l, "}"))
		r = refuse(l, "\",\" or \"}\"");
	if (r >= 0 && !minijail_parse_word(l, ":"))
		r = refuse(l, "\":\"");
	if (r >= 0)
		r = filters(l, ret);
	return r < 0 ? r : minijail_parse_end(l);
}
