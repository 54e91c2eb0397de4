/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any memory as an ELF image: two bytes tell the address that is looked up, the others are
 * the image. A name is not longer than its limit, and printed without a byte that a terminal acts
 * on. The work has a limit, too: libFuzzer's time limit for one input.
 */
#include "base/arena.h"
#include "base/printable.h"
#include "fuzz/fuzz.h"
#include "observe/elf_symbol.h"

#include <string.h>

const char fuzz_corpus[] = "elf";

enum { BASE = 0x10000, COLUMNS = 40 };

struct view {
	const uint8_t *data;
	size_t n;
};

static size_t read_view(void *ctx, uint64_t address, void *buf, size_t n)
{
	const struct view *v = ctx;

	if (address < BASE || address - BASE >= v->n)
		return 0;
	if (n > v->n - (address - BASE))
		n = v->n - (address - BASE);
	memcpy(buf, v->data + (address - BASE), n);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view view = { data + 2, size < 2 ? 0 : size - 2 };
	const struct elf_memory memory = { read_view, &view };
	struct elf_symbol symbol;

	if (size < 2)
		return 0;
	if (elf_symbol_find(&memory, BASE, BASE + data[0] + 256U * data[1], &symbol)) {
		require(symbol.n > 0 && symbol.n <= sizeof(symbol.name));
		const char *text = printable_quoted(symbol.name, symbol.n, COLUMNS, symbol.is_cut);

		require(strlen(text) <= (size_t)4 * COLUMNS);
		for (; *text; text++)
			require((unsigned char)*text >= ' ' && *text != 0x7f);
	}
	arena_reset();
	return 0;
}
