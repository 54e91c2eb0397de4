/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computes and applies the difference of two texts, by the longest common subsequence of their
 * entries.
 */
#include "golden/difference.h"

#include "base/arena.h"
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entries {
	size_t n;
	const char **v; /* each ends with its newline */
};

static size_t line_length(const char *text)
{
	size_t n = strcspn(text, "\n");

	return n + (text[n] == '\n');
}

static struct entries cut(const char *text)
{
	struct entries ret = { 0, arena_array(strlen(text) + 1, sizeof(*ret.v)) };

	while (*text) {
		size_t n = line_length(text);

		while (text[n] == ' ')
			n += line_length(text + n);
		ret.v[ret.n++] = arena_memdup(text, n);
		text += n;
	}
	return ret;
}

/* At [i * (text->n + 1) + j]: the length of the longest common subsequence of the entries of
 * base from i on and of text from j on. */
static size_t *count_common(const struct entries *base, const struct entries *text)
{
	size_t width = text->n + 1;
	size_t *common = arena_array((base->n + 1) * width, sizeof(*common));

	for (size_t i = base->n; i-- > 0;)
		for (size_t j = text->n; j-- > 0;) {
			size_t *at = &common[i * width + j];

			if (strcmp(base->v[i], text->v[j]) == 0)
				*at = at[width + 1] + 1;
			else
				*at = at[width] > at[1] ? at[width] : at[1];
		}
	return common;
}

static void put_first_line(FILE *out, char mark, const char *entry)
{
	fprintf(out, "%c%.*s", mark, (int)line_length(entry), entry);
}

static void put_added(FILE *out, const char *entry)
{
	for (; *entry; entry += line_length(entry))
		put_first_line(out, '+', entry);
}

/* Closes out and returns the text that was written to it. */
static const char *finish(FILE *out, char **text)
{
	fclose(out);
	const char *ret = arena_strdup(*text);

	free(*text);
	return ret;
}

const char *difference_make(const char *base_text, const char *text)
{
	const struct entries base = cut(base_text), ours = cut(text);
	const size_t *common = count_common(&base, &ours);
	const char *before = NULL; /* a common entry, not yet written */
	size_t i = 0, j = 0, size;
	char *ret;
	FILE *out = open_memstream(&ret, &size);

	while (i < base.n || j < ours.n) {
		const size_t *at = &common[i * (ours.n + 1) + j];

		if (i < base.n && j < ours.n && strcmp(base.v[i], ours.v[j]) == 0) {
			before = base.v[i++];
			j++;
			continue;
		}
		if (j == ours.n || (i < base.n && at[ours.n + 1] >= at[1])) {
			put_first_line(out, '-', base.v[i++]);
		} else {
			if (before)
				put_first_line(out, ' ', before);
			put_added(out, ours.v[j++]);
		}
		before = NULL;
	}
	return finish(out, &ret);
}

/* Writes the entries before the next one that begins with line. Returns whether there is one. */
static bool seek(FILE *out, const struct entries *base, size_t *i, const char *line)
{
	for (; *i < base->n; fputs(base->v[(*i)++], out))
		if (strncmp(base->v[*i], line, line_length(line)) == 0)
			return true;
	return false;
}

const char *difference_apply(const char *base_text, const char *difference)
{
	const struct entries base = cut(base_text);
	bool fits = true;
	size_t i = 0, size;
	char *ret;
	FILE *out = open_memstream(&ret, &size);

	for (; fits && *difference; difference += line_length(difference)) {
		const char *line = difference + 1;

		if (*difference == '+')
			fprintf(out, "%.*s", (int)line_length(line), line);
		else if ((fits = seek(out, &base, &i, line)) && *difference == ' ')
			fputs(base.v[i++], out);
		else
			i++;
	}
	while (i < base.n)
		fputs(base.v[i++], out);
	const char *text = finish(out, &ret);

	return fits ? text : NULL;
}
