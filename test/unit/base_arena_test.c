/* SPDX-License-Identifier: Apache-2.0 */
/* lib/base/arena.c: a release frees exactly what was allocated after the mark. */
#include "base/arena.h"
#include "base/io.h"
#include "base/num.h"
#include "unit/tap.h"

#include <fcntl.h>
#include <stdlib.h>

enum { MUCH = 4 << 20, PIECE = 1000 };

/* The private anonymous memory of this process, in kB. */
static uint64_t anonymous(void)
{
	uint64_t kb = 0;
	const char *end;
	struct text text;

	if (io_read_file(AT_FDCWD, "/proc/self/smaps_rollup", 1 << 16, &text) < 0)
		return 0;
	const char *at = strstr(text.data, "Anonymous:");

	if (!at || num_scan_u64(at + strcspn(at, "0123456789"), &end, &kb) < 0)
		return 0;
	return kb;
}

/* The malloc of a sanitizer keeps freed memory. */
static bool malloc_gives_back(void)
{
	uint64_t kb = anonymous();
	char *p = malloc(MUCH);

	if (!p)
		return false;
	memset(p, 0xaa, MUCH);
	free(p);
	return anonymous() < kb + 128;
}

static void fill(size_t size)
{
	for (size_t n = 0; n < size; n += PIECE)
		memset(arena_alloc(PIECE), 0xaa, PIECE);
	memset(arena_alloc(size), 0xbb, size);
}

static bool is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static void test_release(void)
{
	char *before = arena_strdup("before");
	bool zero = true;
	uint64_t kb = anonymous();
	struct arena_mark mark = arena_mark();

	fill(MUCH);
	uint64_t most = anonymous();
	const char *kept = arena_release(mark, arena_strdup("found"), 5);

	arena_trim();
	uint64_t left = anonymous();

	is_str(before, "before", "memory from before the mark is kept");
	is_str(kept, "found", "the kept text is a copy with a NUL");
	ok(most >= kb + 2 * MUCH / 1024, "much memory was used: %d kB", (int)(most - kb));
	if (!SANITIZED && malloc_gives_back())
		ok(left < kb + 128, "a trim returns it to the kernel: %d kB more than before",
		   (int)(left - kb));
	else
		skip("a trim returns it to the kernel: this malloc does not");
	for (size_t i = 0; i < 300; i++) /* beyond the end of the chunk */
		if (!is_zero(arena_alloc(PIECE), PIECE))
			zero = false;
	ok(zero, "memory is zeroed after a release, too");
}

/* Without a trim: the same pages are used again. */
static void test_reuse(void)
{
	char *first = NULL;

	for (int i = 0; i < 3; i++) {
		struct arena_mark mark = arena_mark();
		char *p = arena_alloc(PIECE);

		ok(is_zero(p, PIECE), "scratch %d is zeroed", i);
		ok(!first || p == first, "and has the address of the previous one");
		first = p;
		memset(p, 0xaa, PIECE);
		(void)arena_release(mark, NULL, 0);
	}
}

static void test_nested(void)
{
	struct arena_mark outer = arena_mark();
	char *one = arena_strdup("one");
	struct arena_mark inner = arena_mark();

	fill(MUCH / 8);
	const char *two = arena_release(inner, arena_strdup("two"), 3);

	is_str(one, "one", "an inner scratch keeps the outer one");
	is_str(two, "two", "the text kept by the inner one remains");
	const char *none = arena_release(outer, NULL, 0);

	is_str(none, "", "a scratch may keep nothing");
	(void)arena_mark();
	char *failed = arena_strdup("failed");

	fill(MUCH / 8);
	is_str(failed, "failed", "without a release everything is kept");
}

/* The very first allocation may be a large one. */
static void test_large(void)
{
	arena_reset();
	char *large = arena_alloc(MUCH);
	char *small = arena_alloc(1);

	ok(is_zero(large, MUCH) && small && !*small, "large, then small");
	memset(large, 0xaa, MUCH);
	ok(!*small, "and the two do not overlap");
	arena_reset();
}

struct owner {
	struct arena arena;
	char *text;
};

static void test_several(void)
{
	struct arena arena = { NULL }, *before = arena_use(&arena);
	struct owner *owner = arena_alloc(sizeof(*owner));

	owner->text = arena_strdup("kept");
	fill(PIECE);
	arena_use(before);
	owner->arena = arena;
	struct arena_mark mark = arena_mark();

	fill(MUCH);
	arena_release(mark, NULL, 0);
	ok(strcmp(owner->text, "kept") == 0, "a release in one arena leaves another alone");
	arena_free(&owner->arena);
	uint64_t kb = anonymous();

	for (int i = 0; i < 20; i++) {
		struct arena one = { NULL };

		before = arena_use(&one);
		fill(MUCH);
		arena_use(before);
		arena_free(&one);
	}
	if (malloc_gives_back())
		ok(anonymous() < kb + 4 * MUCH / 1024, "arenas that come and go do not add up");
	else
		skip("malloc keeps memory");
	ok(strcmp(arena_strdup("other"), "other") == 0, "the arena of the process is in use");
}

int main(void)
{
	test_release();
	test_reuse();
	test_nested();
	test_large();
	test_several();
	return done();
}
