/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of {name, value} for every enum-like word of the specification. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/base.h"

/* A table ends with a row whose name is NULL. The first row of a value is the one printed. */
struct name {
	const char *name;
	int64_t value;
};

/* The row called name (exact case), or NULL. */
const struct name *names_find(const struct name *table, const char *name);
/* The first name of value, or NULL. */
const char *names_of(const struct name *table, int64_t value);
/* The name in the table that is most like the given one, or NULL if none is near: at most two
 * slips, in less than half of what is left after the words that both begin with. For
 * "did you mean" in messages. */
const char *names_like(const struct name *table, const char *name);

#endif
