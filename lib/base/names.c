/* SPDX-License-Identifier: Apache-2.0 */
/* Lookup in word tables. They are short, so a scan is the fastest and plainest way. */
#include "base/names.h"

#include <string.h>

enum { LONGEST = 64 };

const struct name *name_find(const struct name *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

const char *name_of(const struct name *table, int64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

/* Levenshtein distance of two short words; a longer one is far from everything. */
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

const char *name_like(const struct name *table, const char *name)
{
	const char *found = NULL;
	size_t best = 1 + strlen(name) / 4; /* one slip in short words, more in long ones */

	for (; table->name; table++) {
		size_t d = distance(table->name, name);

		if (d <= best && (!found || d < best)) {
			best = d;
			found = table->name;
		}
	}
	return found;
}
