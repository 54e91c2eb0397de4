/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that a created container uses while it waits for `start`. Init has executed most of
 * the program once and will not do so again. The pages of the code are dropped from its mappings;
 * the few that are needed later come back from the page cache. The memory that compiling the filter
 * used is returned, too.
 */
#include "process/memory.h"

#include "base/arena.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Drops the pages of segments that are never written. They are read from the file again on access.
 */
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
