/* SPDX-License-Identifier: Apache-2.0 */
/* Replacements of stretches of a text, for json_edit.c and its like in other notations. */
#ifndef OCI_PATCHES_H
#define OCI_PATCHES_H

#include "base/io.h"

struct patch; /* private */

struct patches {
	const char *text;
	size_t len;
	size_t n, room;
	struct patch *v;
};

/* The bytes from..to of the text shall become `with`, which must live until they are applied. */
void patches_add(struct patches *p, size_t from, size_t to, const char *with);
/*
 * The text with all of them. What is only inserted at a place comes first there, in the order in
 * which it was added; what begins inside a stretch that is replaced has no effect. Arena.
 */
struct text patches_apply(struct patches *p);

#endif
