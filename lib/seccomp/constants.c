/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's constants, as tables made from constants.inc. As in syscall.c there are no pointers:
 * the words of all sets lie in one block of text, in the order of the rows, each with its NUL.
 *
 * A wrong value here makes an answer about a profile wrong without a sign of it. Hence
 * script/constants, which holds the table against the headers of a machine.
 */
#include "seccomp/constants.h"

#include "base/names.h"
#include "base/num.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	X86_64 = 1 << ABI_X86_64,
	X86 = 1 << ABI_X86,
	X32 = 1 << ABI_X32,
	AARCH64 = 1 << ABI_AARCH64,
	ARM = 1 << ABI_ARM,
	RISCV64 = 1 << ABI_RISCV64,
	PPC64LE = 1 << ABI_PPC64LE,
	S390X = 1 << ABI_S390X,
	ALL = (1 << ABI_OWN) - 1,
};

/* Rows that are no words have these texts, and no architecture. */
#define MARK_SET "@"
#define MARK_FIELD "="
#define MARK_FLAGS "|"
#define MARK_WORDS "?"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define LINE JOIN(line_, __LINE__)

#define SET(name, ...) char set_##name[sizeof(MARK_SET)];
#define FIELD(mask) char LINE[sizeof(MARK_FIELD)];
#define FLAGS char LINE[sizeof(MARK_FLAGS)];
#define WORDS char LINE[sizeof(MARK_WORDS)];
#define ROW(name, value) char LINE[sizeof(#name)];
#define ON(abis, name, value) char LINE[sizeof(#name)];
struct text_block {
#include "seccomp/constants.inc"
};

#define SET(name, ...) MARK_SET,
#define FIELD(mask) MARK_FIELD,
#define FLAGS MARK_FLAGS,
#define WORDS MARK_WORDS,
#define ROW(name, value) #name,
#define ON(abis, name, value) #name,
static const struct text_block block = {
#include "seccomp/constants.inc"
};

/* One byte a row: its offset is the row's number. */
#define SET(name, ...) char set_##name;
#define FIELD(mask) char LINE;
#define FLAGS char LINE;
#define WORDS char LINE;
#define ROW(name, value) char LINE;
#define ON(abis, name, value) char LINE;
struct row_numbers {
#include "seccomp/constants.inc"
};
enum { ROWS = sizeof(struct row_numbers) };

#define SET(name, ...) 0,
#define FIELD(mask) mask,
#define FLAGS 0,
#define WORDS 0,
#define ROW(name, value) (uint64_t)(value),
#define ON(abis, name, value) (uint64_t)(value),
static const uint64_t values[ROWS] = {
#include "seccomp/constants.inc"
};

#define SET(name, ...) 0,
#define FIELD(mask) 0,
#define FLAGS 0,
#define WORDS 0,
#define ROW(name, value) ALL,
#define ON(abis, name, value) (abis),
static const uint8_t abis_of[ROWS] = {
#include "seccomp/constants.inc"
};

#define SET(name, ...) \
	{ offsetof(struct text_block, set_##name), offsetof(struct row_numbers, set_##name) },
static const struct {
	uint32_t text;
	uint16_t row;
} sets[SET_COUNT] = {
#include "seccomp/constants.inc"
};

/* Where one stands in a set. */
struct cursor {
	const char *word;
	size_t row;
};

static struct cursor first(enum constants_set set)
{
	return (struct cursor){ (const char *)&block + sets[set].text, sets[set].row };
}

/* The next row of the same set; false at its end. */
static bool next(struct cursor *at)
{
	at->word += strlen(at->word) + 1;
	return ++at->row < ROWS && strcmp(at->word, MARK_SET) != 0;
}

static bool is_word(const struct cursor *at, enum abi abi)
{
	return abi < ABI_OWN && abis_of[at->row] & 1 << abi;
}

const char *constants_nth(enum abi abi, enum constants_set set, size_t i, uint64_t *ret)
{
	struct cursor at = first(set);

	while (next(&at))
		if (is_word(&at, abi) && i-- == 0) {
			*ret = values[at.row];
			return at.word;
		}
	return NULL;
}

int constants_value(enum abi abi, enum constants_set set, const char *word, uint64_t *ret)
{
	struct cursor at = first(set);

	if (abi >= ABI_OWN)
		return -EOPNOTSUPP;
	while (next(&at))
		if (is_word(&at, abi) && strcmp(at.word, word) == 0) {
			*ret = values[at.row];
			return 0;
		}
	return -ENOENT;
}

static const char *like(enum abi abi, enum constants_set set, const char *word)
{
	struct name pair[2] = { 0 }, best[3] = { 0 };
	struct cursor at = first(set);

	/* A knock-out: the better of two stays. */
	while (next(&at)) {
		if (!is_word(&at, abi))
			continue;
		pair[0].name = at.word;
		if (!names_like(pair, word))
			continue;
		best[best[0].name ? 1 : 0].name = at.word;
		best[0].name = names_like(best, word);
		best[1].name = NULL;
	}
	return best[0].name;
}

/* One number, with a sign. */
static int number(const char *s, uint64_t *ret)
{
	uint64_t n;
	bool negative;
	int r = num_parse_c(s, &n, &negative);

	if (r < 0)
		return r;
	if (negative && n > (uint64_t)INT64_MAX + 1)
		return -ERANGE;
	*ret = negative ? -n : n;
	return 0;
}

static int term(enum abi abi, const struct param *param, const char *word, uint64_t *ret,
		struct constants_unknown *unknown)
{
	int err;

	if ((*word >= '0' && *word <= '9') || *word == '-')
		return number(word, ret);
	if (!*word)
		return -EINVAL;
	err = param->has_set ? constants_value(abi, param->set, word, ret) : -ENOENT;
	if (err == -ENOENT) {
		memcpy(unknown->word, word, strlen(word) + 1);
		unknown->like = param->has_set ? like(abi, param->set, word) : NULL;
	}
	return err;
}

int constants_parse(enum abi abi, unsigned int id, unsigned int index, const char *text,
		    uint64_t *ret, struct constants_unknown *ret_unknown)
{
	struct param param;
	uint64_t value = 0;

	if (!params_get(abi, id, index, &param))
		param = (struct param){ .name = "" };
	for (;;) {
		char word[sizeof(ret_unknown->word)];
		size_t n = strcspn(text, "|"), begin = strspn(text, " "), end = n;
		uint64_t one;
		int err;

		begin = begin < n ? begin : n;
		while (end > begin && text[end - 1] == ' ')
			end--;
		if (end - begin >= sizeof(word))
			return -EINVAL;
		memcpy(word, text + begin, end - begin);
		word[end - begin] = '\0';
		err = term(abi, &param, word, &one, ret_unknown);
		if (err < 0)
			return err;
		value |= one;
		if (!text[n])
			break;
		text += n + 1;
	}
	*ret = value;
	return 0;
}

/* Text under construction: cut at its end, never beyond. */
struct line {
	char *buf;
	size_t size, used;
	uint64_t wide; /* the bits that the kernel reads */
	uint64_t rest; /* those that have no word yet */
};

__attribute__((format(printf, 2, 3))) static void say(struct line *line, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line->buf + line->used, line->size - line->used, format, ap);
	va_end(ap);
	if (n > 0)
		line->used += (size_t)n;
	if (line->used >= line->size)
		line->used = line->size - 1;
}

static void say_word(struct line *line, const char *word, uint64_t bits)
{
	say(line, line->used ? "|%s" : "%s", word);
	line->rest &= ~bits;
}

/* A number below zero if it is a small one there, else hex if large. */
static void say_number(struct line *line, uint64_t n, bool is_signed)
{
	uint64_t below = (line->wide - n) + 1;

	if (is_signed && n > line->wide / 2 && below < 100000)
		say(line, "-%" PRIu64, below);
	else if (n < 100000)
		say(line, "%" PRIu64, n);
	else
		say(line, "%#" PRIx64, n);
}

static void format_set(struct line *line, enum abi abi, enum constants_set set, uint64_t value)
{
	struct cursor at = first(set);
	const char *none = NULL; /* the word of no flag */
	uint64_t field = 0;
	char mark = MARK_WORDS[0];
	bool found = false;

	line->rest = value;
	while (next(&at)) {
		uint64_t row = values[at.row] & line->wide;

		if (!abis_of[at.row]) {
			mark = at.word[0];
			field = row;
			found = false;
		} else if (!is_word(&at, abi) || mark == MARK_WORDS[0]) {
			continue;
		} else if (mark == MARK_FIELD[0]) {
			if (!found && (value & field) == row) {
				found = true;
				say_word(line, at.word, field);
			}
		} else if (!row) {
			none = none ? none : at.word;
		} else if ((value & row) == row && line->rest & row) {
			say_word(line, at.word, row);
		}
	}
	if (line->rest && value == UINT32_MAX) /* asks or resets: not so many flags */
		line->used = 0;
	if (!value && !line->used && none)
		say(line, "%s", none);
	else if (!line->used)
		say_number(line, value, value != UINT32_MAX);
	else if (line->rest)
		say(line, "|%#" PRIx64, line->rest);
}

/* The types of files have words, permissions are octal. */
static void format_mode(struct line *line, enum abi abi, uint64_t value)
{
	struct cursor at = first(SET_mode);
	uint64_t type = 0;

	while (next(&at) && strcmp(at.word, MARK_FLAGS) != 0) {
		if (!abis_of[at.row])
			type = values[at.row];
		else if (is_word(&at, abi) && (value & type) == values[at.row])
			say_word(line, at.word, type);
	}
	if (line->used)
		value &= ~type;
	say(line, line->used ? "|%#" PRIo64 : "%#" PRIo64, value);
}

const char *constants_format(enum abi abi, unsigned int id, unsigned int index, uint64_t value,
			     char *buf, size_t size)
{
	bool narrow = index < 6 && syscall_narrow(abi, id) & 1 << index;
	struct line line = { buf, size, 0, narrow ? UINT32_MAX : UINT64_MAX, 0 };
	struct param param;

	value &= line.wide;
	buf[0] = '\0';
	if (!params_get(abi, id, index, &param))
		param = (struct param){ .name = "", .kind = PARAM_HEX };
	if (param.has_set && param.set == SET_mode)
		format_mode(&line, abi, value);
	else if (param.has_set &&
		 (param.set != SET_dirfd || value == ((uint64_t)-100 & line.wide))) /* AT_FDCWD */
		format_set(&line, abi, param.set, value);
	else if (param.kind == PARAM_POINTER || param.kind == PARAM_HEX)
		say(&line, "%#" PRIx64, value);
	else if (param.kind == PARAM_MODE)
		say(&line, "%#" PRIo64, value);
	else
		say_number(&line, value, param.kind != PARAM_UNSIGNED && param.kind != PARAM_SIZE);
	return buf;
}

/* What bits of a parameter are. */
enum bits { BITS_NUMBER, BITS_OCTAL, BITS_FLAGS, BITS_FIELD };

static enum bits kind_of_bits(enum abi abi, const struct param *param, uint64_t bits, uint64_t wide)
{
	char text[CONSTANTS_TEXT] = "";
	struct line line = { text, sizeof(text), 0, wide, 0 };
	struct cursor at;

	if (param->kind == PARAM_MODE || (param->has_set && param->set == SET_mode))
		return BITS_OCTAL;
	if (!param->has_set)
		return BITS_NUMBER;
	at = first(param->set);
	while (next(&at)) {
		if (!abis_of[at.row] && at.word[0] == MARK_FIELD[0] &&
		    (values[at.row] & wide) == bits)
			return BITS_FIELD;
		if (abis_of[at.row] || at.word[0] != MARK_FLAGS[0])
			continue;
		format_set(&line, abi, param->set, bits);
		return line.rest ? BITS_NUMBER : BITS_FLAGS;
	}
	return BITS_NUMBER;
}

/* "& CLONE_NEWUSER", "& ~(UNAME26)" where most bits are asked for, "& 0xf". */
static enum bits format_mask(struct line *line, enum abi abi, unsigned int id, unsigned int index,
			     uint64_t mask)
{
	struct param param = { .name = "" };
	uint64_t rest = ~mask & line->wide;
	bool few = __builtin_popcountll(rest) < __builtin_popcountll(mask);
	char text[CONSTANTS_TEXT];
	enum bits bits;

	if (!params_get(abi, id, index, &param))
		param = (struct param){ .name = "" };
	bits = kind_of_bits(abi, &param, few ? rest : mask, line->wide);
	if (bits == BITS_FLAGS) {
		const char *words =
			constants_format(abi, id, index, few ? rest : mask, text, sizeof(text));

		say(line, few ? " & ~(%s)" : strchr(words, '|') ? " & (%s)" : " & %s", words);
		return bits;
	}
	if (few)
		bits = kind_of_bits(abi, &param, mask, line->wide);
	say(line, bits == BITS_OCTAL ? " & %#" PRIo64 : " & %#" PRIx64, mask);
	return bits == BITS_FLAGS ? BITS_NUMBER : bits;
}

const char *constants_format_check(enum abi abi, unsigned int id, const struct check *check,
				   char *buf, size_t size)
{
	bool narrow = syscall_narrow(abi, id) & 1 << check->index;
	uint64_t wide = narrow ? UINT32_MAX : UINT64_MAX;
	const char *name = params_name(abi, id, check->index);
	uint64_t mask = check->mask & wide;
	struct line line = { buf, size, 0, wide, 0 };
	bool negate = check->negate, one = mask && !(mask & (mask - 1));
	enum bits bits = BITS_FIELD;
	uint64_t value = check->value;
	char text[CONSTANTS_TEXT];

	buf[0] = '\0';
	if (name)
		say(&line, "%s", name);
	else
		say(&line, "arg%u", check->index);
	if (check->at_least) {
		say(&line, " %s %" PRIu64, negate ? "<" : ">=", value);
		return buf;
	}
	if (mask != wide)
		bits = format_mask(&line, abi, id, check->index, mask);
	if (one && mask != wide && value == mask) { /* a bit that is set is one that is not 0 */
		value = 0;
		negate = !negate;
	}
	say(&line, " %s ", negate ? "!=" : "==");
	if (mask != wide && !value)
		say(&line, "0");
	else if (bits == BITS_NUMBER)
		say(&line, "%#" PRIx64, value);
	else
		say(&line, "%s",
		    constants_format(abi, id, check->index, value, text, sizeof(text)));
	return buf;
}
