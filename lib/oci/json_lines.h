/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Lines: a text in which each line is a JSON value. Example:
 *
 *     struct json_lines lines;
 *     const struct json *value;
 *
 *     json_lines_begin(&lines, "a.jsonl", &text);
 *     while ((r = json_lines_next(&lines, &value)) > 0)
 *             take(value);
 */
#ifndef OCI_JSON_LINES_H
#define OCI_JSON_LINES_H

#include "base/arena.h"
#include "oci/json.h"

struct json_lines {
	const char *name, *at;
	size_t left, number;
	struct arena arena; /* of the values */
	size_t n_kept;
};

/* Keeps the text and its name. All zero, it has no lines. */
void json_lines_begin(struct json_lines *l, const char *name, const struct text *text);
/*
 * Parses the next line as json_parse() does, and returns 1, or 0 after the last. Empty lines are
 * passed over, and so is what follows the last line feed, which a crash has left. *ret and what it
 * leads to are valid until the next call. Messages have the number of the line. Reporting.
 */
must_check int json_lines_next(struct json_lines *l, const struct json **ret);
/* Frees the values, if not all lines were read: json_lines_next() does at the end and on an error.
 */
void json_lines_end(struct json_lines *l);

#endif
