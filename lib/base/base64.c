/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns base64, which is used for a filter in an annotation. Blanks, line ends and wrong padding are
 * errors.
 */
#include "base/base64.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

static int value_of(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* Decodes four characters to three bytes. The last `pad` of them are '='. */
static int decode_group(const char *in, size_t pad, unsigned char *out)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int v = i < 4 - pad ? value_of(in[i]) : 0;

		if (v < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)v;
	}
	if (pad && bits & (pad == 1 ? 0xff : 0xffff))
		return -EINVAL;
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;
	return 0;
}

int base64_decode(const char *text, struct text *ret)
{
	size_t n = strlen(text), pad = 0;

	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	unsigned char *out = arena_array(n / 4 * 3 + 1, 1);

	if (n % 4)
		return -EINVAL;
	for (size_t i = 0; i < n; i += 4) {
		int r = decode_group(text + i, i + 4 == n ? pad : 0, out + i / 4 * 3);

		if (r < 0)
			return r;
	}
	out[n / 4 * 3 - pad] = 0;
	*ret = (struct text){ .data = (char *)out, .len = n / 4 * 3 - pad };
	return 0;
}
