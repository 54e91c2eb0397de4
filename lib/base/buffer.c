/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows, in the arena. */
#include "base/buffer.h"

#include "base/arena.h"

#include <stdarg.h>
#include <string.h>

void buffer_print(struct buffer *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *text = arena_vprintf(fmt, ap);
	size_t n = strlen(text);

	va_end(ap);
	if (b->len + n + 1 > b->room) {
		char *grown = arena_alloc(2 * (b->len + n + 1));

		if (b->len)
			memcpy(grown, b->data, b->len);
		b->room = 2 * (b->len + n + 1);
		b->data = grown;
	}
	memcpy(b->data + b->len, text, n);
	b->len += n;
	b->data[b->len] = 0;
}

struct text buffer_text(const struct buffer *b)
{
	return (struct text){ b->data ? b->data : arena_strdup(""), b->len };
}
