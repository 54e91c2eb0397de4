/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The allocator for yajl. Each block has its size in front, for realloc. Nothing is freed before
 * the arena is. yajl doubles its buffers, so at most twice the memory in use is needed.
 */
#include "oci/yajl_memory.h"

#include "base/arena.h"

#include <string.h>

enum { HEAD = _Alignof(max_align_t) };

static void *memory_alloc(void *ctx not_used, size_t size)
{
	char *p = arena_alloc(size + HEAD);

	memcpy(p, &size, sizeof(size));
	return p + HEAD;
}

static void *memory_realloc(void *ctx, void *old, size_t size)
{
	void *p = memory_alloc(ctx, size);
	size_t had = 0;

	if (old) {
		memcpy(&had, (char *)old - HEAD, sizeof(had));
		memcpy(p, old, had < size ? had : size);
	}
	return p;
}

static void memory_free(void *ctx not_used, void *p not_used)
{
}

yajl_alloc_funcs yajl_memory = { memory_alloc, memory_realloc, memory_free, NULL };
