/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of one process: allocated here, never freed piecemeal, gone at exit. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

#include <stdarg.h>

/* Zeroed memory, aligned for any type. Ends the process when there is none. */
void *arena_alloc(size_t size);
/* Zeroed array of n elements of size bytes; the product is checked for overflow. */
void *arena_array(size_t n, size_t size);
/* The n bytes at p, copied, and a NUL after them. */
char *arena_memdup(const void *p, size_t n);
/* A NUL-terminated copy of s. */
char *arena_strdup(const char *s);
/* Formatted text. */
char *arena_vprintf(const char *fmt, va_list ap) printf_like(1, 0);
char *arena_printf(const char *fmt, ...) printf_like(1, 2);
/*
 * What is allocated between arena_mark() and arena_release() makes room for what comes after,
 * but for a copy of the n bytes at keep, which is returned. For work that makes much to find
 * little. Pairs may nest. Who fails in between does not release: the message of the failure
 * lies there.
 */
struct arena_mark {
	struct chunk *chunk, *behind;
	size_t used;
};
struct arena_mark arena_mark(void);
void *arena_release(struct arena_mark mark, const void *keep, size_t n);
/* Gives the pages that nothing is in back to the kernel: for a process that lives long. */
void arena_trim(void);
/* Frees everything; for tests and fuzzers, which run many cases in one process. */
void arena_reset(void);

#endif
