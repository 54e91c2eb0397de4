/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The difference of a text from another one, the base. An indented line belongs to the line before
 * it; both are one entry:
 *
 *   -FIRST LINE	the entry is in the base only
 *    FIRST LINE	the entry is in both texts; the entries added after it follow
 *   +LINE		the entry is in the text only; all its lines are listed
 *
 * in the order of the texts. A common entry is listed only if entries are added after it, so the
 * difference of equal texts is empty.
 */
#ifndef GOLDEN_DIFFERENCE_H
#define GOLDEN_DIFFERENCE_H

/* Returns the difference of text from base. Arena. */
const char *difference_make(const char *base, const char *text);
/* Returns the text that has this difference from base; NULL if the difference does not fit.
 * Arena. */
const char *difference_apply(const char *base, const char *difference);

#endif
