/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that grows, in the arena. Example:
 *
 *     struct buffer b = { 0 };
 *
 *     buffer_print(&b, "%s: %u\n", name, n);
 *     struct text text = buffer_text(&b);
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/io.h"

struct buffer {
	char *data;
	size_t len, room;
};

/* Appends formatted text, as printf(3). */
void buffer_print(struct buffer *b, const char *fmt, ...) printf_like(2, 3);
/* Returns all of it. */
struct text buffer_text(const struct buffer *b);

#endif
