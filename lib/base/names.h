/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of names and values, for the enumerated words of the specification. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/base.h"

/*
 * The last row of a table has the name NULL. If several names have a value, the first is printed.
 */
struct name {
	const char *name;
	int64_t value;
};

/* Returns the row with this exact name, or NULL. */
const struct name *names_find(const struct name *table, const char *name);
/* Returns the first name of value, or NULL. */
const char *names_of(const struct name *table, int64_t value);
/*
 * Returns the name in the table that is most similar to the given one, or NULL if none is similar:
 * at most two edits, and fewer than half of the characters that follow the common initial words.
 * For "did you mean" in messages.
 */
const char *names_like(const struct name *table, const char *name);

#endif
