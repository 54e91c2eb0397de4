/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one process. It is never freed individually; it is released when the process ends.
 * Example:
 *
 *     struct arena_mark mark = arena_mark();
 *     const char *path = arena_printf("%s/%s", dir, name);
 *     bool found = look_up(path);
 *
 *     arena_release(mark, NULL, 0);            optional: makes the memory available again
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

#include <stdarg.h>

/* Returns zeroed memory, aligned for any type. Ends the process if there is no memory. */
void *arena_alloc(size_t size);
/* Returns a zeroed array of n elements of size bytes. The product is checked for overflow. */
void *arena_array(size_t n, size_t size);
/*
 * Returns the array itself if its n elements of size bytes leave room for another one, else a copy
 * of twice the room, which *room gets. An array of 0 elements may be NULL with a room of 0.
 */
void *arena_grow(void *array, size_t n, size_t *room, size_t size);
/* Returns a copy of the n bytes at p, followed by a NUL. */
char *arena_memdup(const void *p, size_t n);
/* Returns a NUL-terminated copy of s. */
char *arena_strdup(const char *s);
/* Return formatted text, as printf(3). */
char *arena_vprintf(const char *fmt, va_list ap) printf_like(1, 0);
char *arena_printf(const char *fmt, ...) printf_like(1, 2);
/*
 * arena_release() releases everything that was allocated since arena_mark(). It first copies the n
 * bytes at keep and returns the copy. It is for work that needs much memory for a small result.
 * Pairs may be nested. If the work fails in between, do not release: the recorded error message
 * lies in that memory.
 */
struct arena_mark {
	struct chunk *chunk, *behind;
	size_t used;
};
struct arena_mark arena_mark(void);
void *arena_release(struct arena_mark mark, const void *keep, size_t n);
/*
 * An arena of its own, all zero at first, for each of the things that a process serves for a
 * limited time. arena_use() makes all functions of this header work on it (NULL: on that of the
 * process) and returns the one that was in use. An error that is recorded meanwhile lies in it.
 * Example:
 *
 *     struct arena *previous = arena_use(&served->arena);
 *
 *     served->name = arena_strdup(name);
 *     arena_use(previous);
 *     ...
 *     arena_free(&served->arena);
 */
struct arena {
	struct chunk *head;
};
struct arena *arena_use(struct arena *arena);
/* Frees everything in it, which may include `arena` itself. */
void arena_free(struct arena *arena);
/* Returns unused pages to the kernel, for a process that lives long. */
void arena_trim(void);
/* Frees everything. For tests and fuzzers, which run many cases in one process. */
void arena_reset(void);

#endif
