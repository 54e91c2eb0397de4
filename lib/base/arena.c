/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns all memory of the process. A command is short: what it allocates lives until it
 * exits, so there is nothing to free, to free twice or to use after it was freed. Running
 * out of memory ends the process with a message; the caller's parent undoes what was done.
 */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* malloc maps a chunk of that size on its own: pages that nobody touches cost nothing, and
 * what is given back leaves the process. */
enum { CHUNK = 256 * 1024, LARGE = 16 * 1024 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

static struct chunk *head;

static no_return void out_of_memory(void)
{
	static const char text[] = "tamis: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	_exit(1);
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *c = calloc(1, sizeof(*c) + size);

	if (!c)
		out_of_memory();
	c->size = size;
	return c;
}

static void free_chunks(struct chunk *c)
{
	while (c) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
}

void *arena_alloc(size_t size)
{
	const size_t align = _Alignof(max_align_t);

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + align - 1) & ~(align - 1);
	if (!head || (size <= LARGE && head->size - head->used < size)) {
		struct chunk *c = chunk_new(CHUNK);

		c->next = head;
		head = c;
	}
	if (size > LARGE) { /* it gets its own chunk behind the current */
		struct chunk *c = chunk_new(size);

		c->used = size;
		c->next = head->next;
		head->next = c;
		return c->data;
	}
	void *p = head->data + head->used;

	head->used += size;
	return p;
}

void *arena_array(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		out_of_memory();
	return arena_alloc(total);
}

char *arena_memdup(const void *p, size_t n)
{
	char *s = arena_alloc(n + 1);

	if (n)
		memcpy(s, p, n);
	return s;
}

char *arena_strdup(const char *s)
{
	return arena_memdup(s, strlen(s));
}

char *arena_vprintf(const char *fmt, va_list ap)
{
	va_list aq;

	va_copy(aq, ap);
	int n = vsnprintf(NULL, 0, fmt, aq);

	va_end(aq);
	if (n < 0)
		out_of_memory();
	char *s = arena_alloc((size_t)n + 1);

	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *arena_printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = arena_vprintf(fmt, ap);

	va_end(ap);
	return s;
}

void arena_reset(void)
{
	free_chunks(head);
	head = NULL;
}

struct arena_mark arena_mark(void)
{
	struct arena_mark mark = { head };
	struct chunk *c = chunk_new(CHUNK);

	c->next = head;
	head = c;
	return mark;
}

void *arena_release(struct arena_mark mark, const void *keep, size_t n)
{
	static char nothing[1]; /* a loop that keeps nothing does not grow */
	struct chunk *scratch = head, *last = head;

	while (last->next != mark.outer)
		last = last->next;
	last->next = NULL;
	head = mark.outer;
	void *kept = n ? arena_memdup(keep, n) : nothing;

	free_chunks(scratch);
	return kept;
}
