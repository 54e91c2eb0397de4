/* SPDX-License-Identifier: Apache-2.0 */
/* Owns look-ups in tables of names. They are short, so they are searched linearly. */
#include "base/names.h"

#include <string.h>

enum { LONGEST = 64, SLIPS = 2 };

const struct name *names_find(const struct name *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

const char *names_of(const struct name *table, int64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

/*
 * Returns the Levenshtein distance of two short words. A long word counts as different from all
 * others.
 */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], na = strlen(a), nb = strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[nb];
}

/* Returns the length of the common start in whole words, such as "SCMP_ACT_" of two actions. */
static size_t shared_words(const char *a, const char *b)
{
	size_t n = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (strchr("_-.", a[i]))
			n = i + 1;
	return n;
}

const char *names_like(const struct name *table, const char *name)
{
	const char *found = NULL;
	size_t best = SLIPS + 1;

	for (; table->name; table++) {
		size_t same = shared_words(table->name, name);
		size_t d = distance(table->name + same, name + same);
		size_t len = strlen(name + same), theirs = strlen(table->name + same);

		if (d < best && 2 * d < (len > theirs ? len : theirs)) {
			best = d;
			found = table->name;
		}
	}
	return found;
}
