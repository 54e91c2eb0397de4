/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the validity of UTF-8. yajl only counts continuation bytes. If an overlong form or an
 * encoded surrogate were accepted, tamis might read a config differently from a program that
 * checked it before.
 */
#include "base/utf8.h"

/* First bytes and the valid range of the second byte, which excludes all invalid forms. */
static const struct {
	unsigned char first, last, second_min, second_max;
	size_t length;
} forms[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_length(const void *text, size_t n)
{
	const unsigned char *s = text;

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 1; i < ARRAY_LEN(forms); i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (n < forms[i].length || s[1] < forms[i].second_min || s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}
