/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a text has of its own beside another one, the base. A line that is indented belongs to the
 * one before it, and both are one entry:
 *
 *	-FIRST LINE	the base has the entry, the text has not
 *	 FIRST LINE	both have it: what is added stands behind it
 *	+LINE		the text has it, the base has not; all lines of the entry
 *
 * in the order of the texts. Entries that both have are left out where nothing is added behind
 * them, so that the difference of equal texts is empty.
 */
#ifndef GOLDEN_DIFFERENCE_H
#define GOLDEN_DIFFERENCE_H

/* The difference of text. Arena. */
const char *difference_make(const char *base, const char *text);
/* The text of which that is the difference; NULL if it does not fit the base. Arena. */
const char *difference_apply(const char *base, const char *difference);

#endif
