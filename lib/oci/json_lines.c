/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of JSON Lines: they become one JSON array, so that the strict parser and its
 * limits apply and every message has the file's line.
 */
#include "oci/json_lines.h"

#include "base/arena.h"

/* "a\nb\n" as "[a,\nb]\n": a value stays on its line. */
static struct text make_array(const struct text *text)
{
	size_t len = text->len, lines = 0;
	struct text ret;
	char *to;

	while (len && text->data[len - 1] != '\n')
		len--;
	while (len && text->data[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		lines += text->data[i] == '\n';
	ret.data = to = arena_alloc(len + lines + 4);
	*to++ = '[';
	for (size_t i = 0; i < len; i++) {
		if (text->data[i] == '\n')
			*to++ = ',';
		*to++ = text->data[i];
	}
	*to++ = ']';
	ret.len = (size_t)(to - ret.data);
	return ret;
}

int json_lines_parse(const char *name, const struct text *text, const struct json **ret)
{
	struct text *array = arena_alloc(sizeof(*array));

	*array = make_array(text);
	return json_parse(name, array, ret);
}
