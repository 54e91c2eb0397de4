/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a created container costs while it waits: its init has run through most of the program once
 * and will not again. The code is dropped from its mappings and comes back from the page cache, a
 * few pages, when it is started; and so is the room that compiling the filter took.
 */
#include "process/memory.h"

#include "base/arena.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* The segments that are never written: what is dropped there is read anew. */
static int drop_segments(struct dl_phdr_info *info, size_t size not_used, void *data not_used)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;

	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + segment->p_vaddr;
		uintptr_t end = (start + segment->p_filesz) & ~page;

		start = (start + page) & ~page;
		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W) && start < end)
			(void)madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return 0;
}

void memory_drop(void)
{
	arena_trim();
	dl_iterate_phdr(drop_segments, NULL);
}
