/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The function that an address lies in, from the dynamic symbol table of an ELF image as it is in
 * the memory of a process (elf(5)). No file is opened.
 */
#ifndef OBSERVE_ELF_SYMBOL_H
#define OBSERVE_ELF_SYMBOL_H

#include "base/base.h"

/* The memory that holds the image. */
struct elf_memory {
	/* Reads up to n bytes at the address; returns how many could be read, from the first on. */
	size_t (*fetch)(void *ctx, uint64_t address, void *buf, size_t n);
	void *ctx;
};

enum { ELF_SYMBOL_MAX = 256 };

struct elf_symbol {
	unsigned char name[ELF_SYMBOL_MAX]; /* any bytes but NUL; not terminated */
	size_t n;
	bool is_cut;
	uint64_t offset; /* of the address in the function */
};

/*
 * Finds the exported function that contains the address, or if its size is not known, the nearest
 * one before. base is where the first byte of the image is. An address behind an instruction, as
 * the kernel reports for a system call, belongs to that instruction. Returns false if there is
 * none, or if the image is damaged, of a foreign byte order, or larger than the limits in the
 * source. The image may have any content; at most some megabytes of it are read.
 */
bool elf_symbol_find(const struct elf_memory *memory, uint64_t base, uint64_t address,
		     struct elf_symbol *ret);

#endif
