/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of JSON Lines: each line is a document for the strict parser, and every message
 * has the file's line. What must hold: the memory does not grow with the length of the text.
 */
#include "oci/json_lines.h"

#include "base/arena.h"
#include "base/err.h"

#include <string.h>

enum { LINES_AT_A_TIME = 512 }; /* whose values are in memory */

void json_lines_begin(struct json_lines *l, const char *name, const struct text *text)
{
	*l = (struct json_lines){ .name = name, .at = text->data, .left = text->len };
}

/* The next line that is not empty, or NULL. Without its line feed. */
static const char *next_line(struct json_lines *l, size_t *ret_n)
{
	for (;;) {
		const char *line = l->at, *end = l->left ? memchr(line, '\n', l->left) : NULL;

		if (!end)
			return NULL;
		*ret_n = (size_t)(end - line);
		l->at = end + 1;
		l->left -= *ret_n + 1;
		l->number++;
		if (*ret_n)
			return line;
	}
}

void json_lines_end(struct json_lines *l)
{
	arena_free(&l->arena);
	l->arena = (struct arena){ 0 };
	l->n_kept = 0;
}

int json_lines_next(struct json_lines *l, const struct json **ret)
{
	size_t n;
	const char *line = next_line(l, &n);
	bool is_full = ++l->n_kept > LINES_AT_A_TIME;

	if (!line || is_full)
		json_lines_end(l);
	if (!line)
		return 0;

	struct arena *previous = arena_use(&l->arena);
	const struct text text = { arena_memdup(line, n), n };
	int r = json_parse_line(l->name, l->number, &text, ret);

	arena_use(previous);
	if (r >= 0)
		return 1;
	err_restore(arena_strdup(err_message()));
	json_lines_end(l);
	return r;
}
