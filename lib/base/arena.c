/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns all memory of the process. A command is short: what it allocates is used until it exits, so
 * there is nothing to free, to free twice, or to use after it was freed. If memory runs out the
 * process prints a message and ends; the parent process then undoes what was done.
 */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* malloc(3) maps a chunk of this size separately: pages that are not touched cost nothing. */
enum { CHUNK = 256 * 1024, LARGE = 16 * 1024 };
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

static struct arena own, *current = &own;

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

/*
 * Calls madvise(2) for the whole pages from byte `used` of the chunk on. Failures do not matter:
 * the advice concerns speed and size only.
 */
static void chunk_advise(struct chunk *c, size_t used, int advice)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
	uintptr_t start = ((uintptr_t)c->data + used + page) & ~page;
	uintptr_t end = ((uintptr_t)c->data + c->size) & ~page;

	if (start < end)
		(void)madvise((void *)start, end - start, advice);
}

/* A process that needs a second chunk will use most of it: one call is cheaper than 64 faults. */
static struct chunk *chunk_push(void)
{
	struct chunk *c = chunk_new(CHUNK);

	if (current->head)
		chunk_advise(c, 0, MADV_POPULATE_WRITE);
	c->next = current->head;
	current->head = c;
	return c;
}

/* Frees the list from *first up to end, which becomes the new *first. */
static void free_chunks(struct chunk **first, struct chunk *end)
{
	while (*first != end) {
		struct chunk *next = (*first)->next;

		free(*first);
		*first = next;
	}
}

void *arena_alloc(size_t size)
{
	const size_t align = _Alignof(max_align_t);

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + align - 1) & ~(align - 1);
	if (!current->head || (size <= LARGE && current->head->size - current->head->used < size))
		chunk_push();
	if (size > LARGE) { /* it gets a chunk of its own after the current one */
		struct chunk *c = chunk_new(size);

		c->used = size;
		c->next = current->head->next;
		current->head->next = c;
		return c->data;
	}
	void *p = current->head->data + current->head->used;

	current->head->used += size;
	return p;
}

void *arena_array(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		out_of_memory();
	return arena_alloc(total);
}

void *arena_grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	void *grown = arena_array(*room, size);

	if (n)
		memcpy(grown, array, n * size);
	return grown;
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
	free_chunks(&current->head, NULL);
}

struct arena *arena_use(struct arena *arena)
{
	struct arena *previous = current;

	current = arena ? arena : &own;
	return previous;
}

void arena_free(struct arena *arena)
{
	struct chunk *first = arena->head; /* `arena` may lie in its own memory */

	if (current == arena)
		current = &own;
	free_chunks(&first, NULL);
}

struct arena_mark arena_mark(void)
{
	if (!current->head)
		chunk_push();
	return (struct arena_mark){ current->head, current->head->next, current->head->used };
}

void *arena_release(struct arena_mark mark, const void *keep, size_t n)
{
	static char nothing[1]; /* a loop that keeps nothing does not grow */
	char *copy = n ? malloc(n) : NULL, *kept = nothing;

	if (n && !copy)
		out_of_memory();
	if (n)
		memcpy(copy, keep, n);
	free_chunks(&current->head, mark.chunk);
	free_chunks(&current->head->next, mark.behind);
	memset(current->head->data + mark.used, 0, current->head->used - mark.used);
	current->head->used = mark.used;
	if (n)
		kept = arena_memdup(copy, n);
	free(copy);
	return kept;
}

void arena_trim(void)
{
	if (current->head) /* the memory is zero afterwards in either case */
		chunk_advise(current->head, current->head->used, MADV_DONTNEED);
}
