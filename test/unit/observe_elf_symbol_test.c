/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds symbols in the image of the kernel's vDSO, which every process has, and in images of our
 * own making, of which every byte is made wrong once.
 */
#include "observe/elf_symbol.h"

#include "base/base.h"
#include "unit/tap.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>

enum { BASE = 0x10000 };

/* An image with four functions. Its dynamic section has offsets, as the linker writes it. */
struct made {
	Elf64_Ehdr head;
	Elf64_Phdr segments[2];
	Elf64_Dyn dynamic[6];
	uint32_t hash[4 + 2 + 1 + 5]; /* of DT_GNU_HASH: head, bloom, one bucket, chain */
	Elf64_Sym symbols[6];
	char strings[64];
	unsigned char code[256];
};

struct view {
	const unsigned char *data;
	uint64_t base;
	size_t n, n_reads;
};

static size_t read_view(void *ctx, uint64_t address, void *buf, size_t n)
{
	struct view *v = ctx;

	v->n_reads++;
	if (address < v->base || address - v->base >= v->n)
		return 0;
	if (n > v->n - (address - v->base))
		n = v->n - (address - v->base);
	memcpy(buf, v->data + (address - v->base), n);
	return n;
}

static bool find(const void *data, size_t n, uint64_t base, uint64_t address,
		 struct elf_symbol *ret)
{
	struct view view = { data, base, n, 0 };
	const struct elf_memory memory = { read_view, &view };
	bool found = elf_symbol_find(&memory, base, address, ret);

	if (view.n_reads > 2000)
		ok(false, "%zu reads", view.n_reads);
	return found;
}

static Elf64_Sym function(uint32_t name, size_t offset, uint64_t size)
{
	return (Elf64_Sym){ .st_name = name,
			    .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			    .st_shndx = 1,
			    .st_value = offsetof(struct made, code) + offset,
			    .st_size = size };
}

static struct made make(void)
{
	struct made m = {
		.head = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
				       __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB
										 : ELFDATA2MSB },
			  .e_type = ET_DYN,
			  .e_phoff = offsetof(struct made, segments),
			  .e_phnum = 2,
			  .e_phentsize = sizeof(Elf64_Phdr) },
		.segments = { { .p_type = PT_LOAD, .p_memsz = sizeof(m) },
			      { .p_type = PT_DYNAMIC,
				.p_vaddr = offsetof(struct made, dynamic),
				.p_memsz = sizeof(m.dynamic) } },
		.dynamic = { { DT_SYMTAB, { offsetof(struct made, symbols) } },
			     { DT_STRTAB, { offsetof(struct made, strings) } },
			     { DT_STRSZ, { sizeof(m.strings) } },
			     { DT_GNU_HASH, { offsetof(struct made, hash) } } },
		/* the chain ends at symbol 5 */
		.hash = { 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1 },
		.symbols = { { 0 },
			     function(1, 0x10, 0x10),
			     function(9, 0x10, 0x10),
			     function(15, 0x40, 0x10),
			     function(20, 0x80, 0),
			     { .st_name = 9, .st_info = STT_FUNC } },
		.strings = "\0__mkdir\0mkdir\0open\0assembly",
	};

	return m;
}

static void is_symbol(const struct made *m, uint64_t at, const char *name, uint64_t offset)
{
	struct elf_symbol symbol;
	bool found = find(m, sizeof(*m), BASE, BASE + offsetof(struct made, code) + at, &symbol);

	ok(found && symbol.n == strlen(name) && memcmp(symbol.name, name, symbol.n) == 0 &&
		   symbol.offset == offset,
	   "%#x is %s+%#x", (unsigned int)at, name, (unsigned int)offset);
}

static bool finds_nothing(const struct made *m, uint64_t at)
{
	struct elf_symbol symbol;

	return !find(m, sizeof(*m), BASE, BASE + offsetof(struct made, code) + at, &symbol);
}

static void test_names(void)
{
	struct made m = make();

	is_symbol(&m, 0x17, "mkdir", 0x7);
	is_symbol(&m, 0x20, "mkdir", 0x10);
	is_symbol(&m, 0x42, "open", 0x2);
	is_symbol(&m, 0x99, "assembly", 0x19);
	ok(finds_nothing(&m, 0x10), "nothing before the first function");
	ok(finds_nothing(&m, 0x21), "nothing behind the end of a function");
	m.symbols[4].st_shndx = SHN_UNDEF;
	ok(finds_nothing(&m, 0x99), "no function of another image");
	for (size_t i = 0; i < 4; i++)
		if (m.dynamic[i].d_tag != DT_STRSZ)
			m.dynamic[i].d_un.d_val += BASE;
	is_symbol(&m, 0x17, "mkdir", 0x7);
	m = make();
	memset(m.strings + 1, 'x', sizeof(m.strings) - 1);
	ok(finds_nothing(&m, 0x17), "no name without an end");
	m = make();
	m.dynamic[3].d_tag = DT_HASH;
	m.hash[1] = 3;
	is_symbol(&m, 0x17, "mkdir", 0x7);
	ok(finds_nothing(&m, 0x42), "DT_HASH tells the number of symbols");
}

/* Numbers that lead far away, or into endless tables. */
static void test_limits(void)
{
	static const uint64_t wrong[] = { 0, 1, 0xffff, 0x7fffffff, UINT32_MAX, BASE, UINT64_MAX };
	const struct made good = make();
	struct elf_symbol symbol;
	struct made m;
	size_t n = 0;

	for (size_t at = 0; at < offsetof(struct made, code); at++)
		for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
			size_t bytes = at % 8 == 0 ? 8 : at % 4 == 0 ? 4 : at % 2 == 0 ? 2 : 1;

			m = good;
			memcpy((unsigned char *)&m + at, &wrong[i], bytes);
			find(&m, sizeof(m), BASE, BASE + offsetof(struct made, code) + 0x17,
			     &symbol);
			n += symbol.n <= sizeof(symbol.name);
		}
	is_int((intmax_t)n, offsetof(struct made, code) * ARRAY_LEN(wrong),
	       "an image with any wrong number is read or refused");
	n = 0;
	for (size_t len = 0; len < sizeof(m); len++)
		n += find(&good, len, BASE, BASE + offsetof(struct made, code) + 0x17, &symbol) &&
		     len < offsetof(struct made, strings) + sizeof("\0__mkdir");
	is_int((intmax_t)n, 0, "an image that is cut anywhere is refused");
}

static void test_vdso(void)
{
	uint64_t base = getauxval(AT_SYSINFO_EHDR);
	struct elf_symbol symbol;
	size_t n = 0;

	if (!base) {
		skip("there is no vDSO");
		return;
	}
	for (uint64_t at = base; at < base + 0x1000; at += 16)
		n += find((const void *)(uintptr_t)base, 0x1000, base, at, &symbol) &&
		     memmem(symbol.name, symbol.n, "clock_get", 9);
	ok(n > 0, "functions of the vDSO have names");
}

int main(void)
{
	test_names();
	test_limits();
	test_vdso();
	return done();
}
