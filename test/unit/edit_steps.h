/* SPDX-License-Identifier: Apache-2.0 */
/* A small language of changes, for the tests of what edits JSON and YAML. */
#ifndef TEST_UNIT_EDIT_STEPS_H
#define TEST_UNIT_EDIT_STEPS_H

#include "base/arena.h"
#include "oci/json.h"

#include <string.h>

/* Shows a text with its line ends. */
static const char *shown(const char *s)
{
	char *out = arena_alloc(2 * strlen(s) + 1), *o = out;

	for (; *s; s++) {
		if (strchr("\n\r\t", *s))
			*o++ = '\\';
		*o++ = (char)(*s == '\n' ? 'n' : *s == '\r' ? 'r' : *s == '\t' ? 't' : *s);
	}
	return out;
}

/* "/syscalls/0/names/2" */
static const struct json *find(const struct json *v, const char *path)
{
	while (v && *path == '/') {
		size_t n = strcspn(path + 1, "/");
		const char *word = arena_memdup(path + 1, n);

		v = v->type == JSON_OBJECT ? json_member(v, word)
					   : json_element(v, (size_t)(*word - '0'));
		path += n + 1;
	}
	return v;
}

struct step {
	char kind; /* 'r'eplace, 'd'elete, 'i'nsert in front of, 'a'ppend to */
	const char *path, *key, *text;
};

#endif
