/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the format of expectations. A line that is not understood is an error: a test that is passed
 * over would not fail.
 */
#include "seccomp/expect.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "seccomp/errno_names.h"

#include <linux/seccomp.h>
#include <string.h>

enum { WORDS_MAX = 1024, ERRNO_MAX = 4095 };

struct reader {
	const char *name;
	unsigned int line;
	struct expect_facts facts;
};

static const char blanks[] = " \t";

static must_check int fail_line(const struct reader *r, const char *what)
{
	return fail(0, "%s:%u: %s", r->name, r->line, what);
}

static const char *skip(const char *p)
{
	return p + strspn(p, blanks);
}

/* Without the blanks at its end. */
static const char *copy_trimmed(const char *p, size_t n)
{
	while (n && strchr(blanks, p[n - 1]))
		n--;
	return arena_memdup(p, n);
}

/* --- lists of words ----------------------------------------------------------------------- */

struct list {
	size_t n;
	const char **v;
};

static int add_word(const struct reader *r, struct list *list, const char *p, size_t n)
{
	if (!list->v)
		list->v = arena_array(WORDS_MAX, sizeof(*list->v));
	if (list->n == WORDS_MAX)
		return fail_line(r, arena_printf("more than %d words", WORDS_MAX));
	list->v[list->n++] = arena_memdup(p, n);
	return 0;
}

/* Words with commas between them, blanks around which do not count. *p is then behind them. */
static int read_list(const struct reader *r, const char *what, const char **p, const char *ends,
		     struct list *ret)
{
	int result = 0;

	for (;;) {
		*p = skip(*p);
		size_t n = strcspn(*p, ends);

		if (!n)
			return fail_line(r, arena_printf("expected %s, found \"%.20s\"", what, *p));
		result = add_word(r, ret, *p, n);
		*p = skip(*p + n);
		if (result < 0 || **p != ',')
			return result;
		++*p;
	}
}

/* --- the parts of a line ------------------------------------------------------------------ */

static int read_abis(const struct reader *r, const char **p, struct expect_words *ret)
{
	struct list list = { 0 };

	if (**p != '[')
		return 0;
	++*p;
	int result = read_list(r, "an architecture", p, ", \t]", &list);

	if (result == 0 && **p != ']')
		return fail_line(r, "expected ']' behind the architectures");
	if (result == 0)
		*p = skip(*p + 1);
	*ret = (struct expect_words){ list.n, list.v };
	return result;
}

static int read_args(const struct reader *r, const char *p, struct expect_words *ret)
{
	struct list list = { 0 };
	int result = 0;

	for (p = skip(p); result == 0 && *p;) {
		size_t n = strcspn(p, blanks);

		result = add_word(r, &list, p, n);
		p = skip(p + n);
	}
	*ret = (struct expect_words){ list.n, list.v };
	return result;
}

/* "errno" and "EPERM": what stands behind the action, blanks or brackets around it. */
static int read_data(const struct reader *r, const char *word, struct expect_line *line)
{
	bool is_errno = line->action == SECCOMP_RET_ERRNO;
	uint32_t max = is_errno ? ERRNO_MAX : SECCOMP_RET_DATA, data;
	int code = is_errno ? errno_names_find(word) : -1;

	if (!is_errno && line->action != SECCOMP_RET_TRACE)
		return fail_line(r, arena_printf("unexpected \"%.20s\" behind the action", word));
	if (code >= 0)
		data = (uint32_t)code;
	else if (num_parse_u32(word, &data) < 0 || data > max)
		return fail_line(r, arena_printf("expected %s, found \"%.20s\"",
						 is_errno ? "an error such as EPERM"
							  : "a number of at most 65535",
						 word));
	line->kind = EXPECT_EXACT;
	line->action |= data;
	return 0;
}

/* Small letters; blanks for brackets. */
static char *plain(const char *text)
{
	char *copy = arena_strdup(text);

	for (char *p = copy; *p; p++) {
		if (*p == '(' || *p == ')')
			*p = ' ';
		if (*p == '_')
			*p = '-';
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	return copy;
}

static int read_answer(const struct reader *r, const char *text, struct expect_line *line)
{
	static const struct name words[] = {
		{ "allow", SECCOMP_RET_ALLOW },
		{ "log", SECCOMP_RET_LOG },
		{ "notify", SECCOMP_RET_USER_NOTIF },
		{ "trace", SECCOMP_RET_TRACE },
		{ "trap", SECCOMP_RET_TRAP },
		{ "errno", SECCOMP_RET_ERRNO },
		{ "kill", SECCOMP_RET_KILL_PROCESS },
		{ "kill-process", SECCOMP_RET_KILL_PROCESS },
		{ "kill-thread", SECCOMP_RET_KILL_THREAD },
		{ "denied", -EXPECT_DENIED },
		{ "allowed", -EXPECT_ALLOWED },
		{ NULL, 0 },
	};
	const char *low = plain(text);
	size_t n = strcspn(low, blanks), from = (size_t)(skip(low + n) - low);
	const struct name *word = names_find(words, arena_memdup(low, n));
	size_t len = strcspn(low + from, blanks);

	if (!word)
		return fail_line(r, arena_printf("expected an answer such as allow, errno EPERM, "
						 "kill or denied, found \"%.40s\"",
						 text));
	if (*skip(low + from + len))
		return fail_line(r, arena_printf("expected one word behind \"%s\"", word->name));
	line->kind = word->value < 0 ? (enum expect_kind) - word->value : EXPECT_ACTION;
	line->action = word->value < 0 ? 0 : (uint32_t)word->value;
	return len ? read_data(r, arena_memdup(text + from, len), line) : 0;
}

/* Facts: "caps: all". 1: it was one. */
static bool note_facts(struct reader *r, const char *key, const char *value)
{
	const char **word = strcmp(key, "caps") == 0	 ? &r->facts.caps
			    : strcmp(key, "arch") == 0	 ? &r->facts.arch
			    : strcmp(key, "kernel") == 0 ? &r->facts.kernel
							 : NULL;

	if (word)
		*word = *value ? value : NULL;
	return word != NULL;
}

/* Returns 1 if the line is an expectation. */
static int read_line(struct reader *r, const char *text, struct expect_line *ret)
{
	const char *colon = strchr(text, ':'), *p = text;
	struct list calls = { 0 };

	*ret = (struct expect_line){ .line = r->line, .text = text };
	if (!colon)
		return fail_line(r, arena_printf("expected CALL: ANSWER, found \"%.40s\"", text));
	const char *left = copy_trimmed(text, (size_t)(colon - text)), *right = skip(colon + 1);

	if (note_facts(r, left, right))
		return 0;
	p = left;
	int result = read_abis(r, &p, &ret->abis);

	if (result == 0)
		result = read_list(r, "a system call or a group", &p, ", \t", &calls);
	if (result == 0)
		result = read_args(r, p, &ret->args);
	if (result == 0)
		result = read_answer(r, right, ret);
	ret->calls = (struct expect_words){ calls.n, calls.v };
	ret->facts = r->facts;
	return result < 0 ? result : 1;
}

/* The line without comment, which '#' begins at its start or behind a blank. */
static const char *content(const char *p, size_t n)
{
	size_t end = 0;

	while (end < n && !(p[end] == '#' && (!end || strchr(blanks, p[end - 1]))))
		end++;
	if (end && p[end - 1] == '\r')
		end--;
	size_t from = 0;

	while (from < end && strchr(blanks, p[from]))
		from++;
	return copy_trimmed(p + from, end - from);
}

bool expect_holds(const struct expect_line *line, uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	bool passes = kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG ||
		      kind == SECCOMP_RET_TRACE || kind == SECCOMP_RET_USER_NOTIF;

	switch (line->kind) {
	case EXPECT_EXACT:
		return action == line->action;
	case EXPECT_ACTION:
		return kind == line->action;
	case EXPECT_DENIED:
		return !passes;
	case EXPECT_ALLOWED:
		break;
	}
	return passes;
}

int expect_parse(const char *name, const struct text *text, struct expect *ret)
{
	struct reader r = { .name = name };
	size_t lines = 1, n = 0;

	for (size_t i = 0; i < text->len; i++)
		lines += text->data[i] == '\n';
	if (lines > EXPECT_LINES_MAX)
		return fail(0, "%s: more than %d lines", name, EXPECT_LINES_MAX);
	if (memchr(text->data, 0, text->len))
		return fail(0, "%s: NUL byte in the text", name);
	struct expect_line *v = arena_array(lines, sizeof(*v));

	for (const char *p = text->data; *p;) {
		size_t len = strcspn(p, "\n");
		const char *line = content(p, len);

		r.line++;
		int result = *line ? read_line(&r, line, &v[n]) : 0;

		if (result < 0)
			return result;
		n += (size_t)result;
		p += len + (p[len] == '\n');
	}
	*ret = (struct expect){ n, v };
	return 0;
}
