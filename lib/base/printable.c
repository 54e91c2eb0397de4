/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is printed of text from other programs. What must hold: the output has no byte that a
 * terminal acts on, and no character that hides or reorders its neighbours (CVE-2021-42574).
 */
#include "base/printable.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* Controls, invisible and formatting characters, private use, and what is no character. */
static const struct range escaped[] = {
	{ 0x0000, 0x001f },   { 0x007f, 0x00a0 },   { 0x00ad, 0x00ad },	  { 0x034f, 0x034f },
	{ 0x061c, 0x061c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },	  { 0x180b, 0x180f },
	{ 0x2000, 0x200f },   { 0x2028, 0x202f },   { 0x205f, 0x206f },	  { 0x2800, 0x2800 },
	{ 0x3000, 0x3000 },   { 0x3164, 0x3164 },   { 0xd800, 0xf8ff },	  { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xffff },	  { 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a }, { 0x1fffe, 0x1ffff }, { 0x2fffe, 0x2ffff }, { 0x3fffe, 0x10ffff },
};

/* Characters of two columns: East Asian scripts and pictures. */
static const struct range wide[] = {
	{ 0x1100, 0x115e }, { 0x2e80, 0xa4cf },	  { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },	  { 0xff00, 0xff60 },
	{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
};

/* One character as it is printed. */
struct piece {
	size_t used; /* bytes of the text */
	size_t columns;
	char text[12];
};

static bool is_among(const struct range *v, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= v[i].first && c <= v[i].last)
			return true;
	return false;
}

/* The character of a valid sequence of n bytes. */
static uint32_t decode(const unsigned char *s, size_t n)
{
	static const unsigned char first_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = s[0] & first_bits[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3f);
	return c;
}

enum form { PLAIN, AGAIN, QUOTED };

static struct piece next_piece(const unsigned char *s, size_t left, enum form form)
{
	static const char letters[] = "a\ab\bt\tn\nv\vf\fr\r\\\\";
	struct piece p = { .used = utf8_length(s, left) };
	uint32_t c = p.used ? decode(s, p.used) : s[0];
	const char *letter = NULL;

	for (size_t i = 0; i + 1 < sizeof(letters) - 1 && c < 0x80; i += 2)
		if ((uint32_t)letters[i + 1] == c)
			letter = &letters[i];
	if (letter && (c != '\\' || form != AGAIN))
		snprintf(p.text, sizeof(p.text), "\\%c", *letter);
	else if (c == '"' && form == QUOTED)
		snprintf(p.text, sizeof(p.text), "\\\"");
	else if (p.used == 0 || (p.used == 1 && is_among(escaped, ARRAY_LEN(escaped), c)))
		snprintf(p.text, sizeof(p.text), "\\%03o", s[0]);
	else if (is_among(escaped, ARRAY_LEN(escaped), c))
		snprintf(p.text, sizeof(p.text), c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	else
		memcpy(p.text, s, p.used);
	p.columns =
		p.text[0] == '\\' ? strlen(p.text) : 1 + (size_t)is_among(wide, ARRAY_LEN(wide), c);
	if (p.used == 0)
		p.used = 1;
	return p;
}

/* How many bytes of the text fit into `columns`. */
static size_t fitting(const unsigned char *s, size_t n, size_t columns, enum form form)
{
	size_t i = 0;

	while (i < n) {
		struct piece p = next_piece(s + i, n - i, form);

		if (p.columns > columns)
			break;
		columns -= p.columns;
		i += p.used;
	}
	return i;
}

static const char *print(const unsigned char *s, size_t n, size_t columns, enum form form,
			 bool is_cut)
{
	static const char dots[] = "...";
	size_t around = (form == QUOTED ? 2 : 0) + (is_cut ? strlen(dots) : 0);
	size_t fit = fitting(s, n, columns - around, form);

	if (fit < n && !is_cut) {
		is_cut = true;
		fit = fitting(s, n, columns - around - strlen(dots), form);
	}
	/* a column has at most 4 bytes */
	char *ret = arena_alloc(4 * columns + 1), *out = ret;

	if (form == QUOTED)
		*out++ = '"';
	for (size_t i = 0; i < fit;) {
		struct piece p = next_piece(s + i, n - i, form);

		out = stpcpy(out, p.text);
		i += p.used;
	}
	if (form == QUOTED)
		*out++ = '"';
	stpcpy(out, is_cut ? dots : "");
	return ret;
}

const char *printable_text(const void *text, size_t n, size_t columns)
{
	return print(text, n, columns, PLAIN, false);
}

const char *printable_again(const void *text, size_t n, size_t columns)
{
	return print(text, n, columns, AGAIN, false);
}

const char *printable_quoted(const void *text, size_t n, size_t columns, bool is_cut)
{
	return print(text, n, columns, QUOTED, is_cut);
}
