/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the form of that file: a page with the head and the buffer of the call, then the text. The
 * file is sealed against a change of its size, so that access to the page cannot fail.
 */
#include "observe/kept_listener.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"
#include "observe/process_state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct head {
	char magic[16]; /* with the version */
	uint32_t call_size, text_size;
};

enum { CALL_OFFSET = 64, SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };

static const char magic[16] = "tamis-agent/1";

static int map(int file, struct kept_listener *ret)
{
	void *page = mmap(NULL, SYS_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	if (page == MAP_FAILED)
		return -errno;
	ret->page = page;
	ret->call = (void *)((char *)page + CALL_OFFSET);
	return 0;
}

int kept_listener_make(const struct text *text, size_t call_size, struct kept_listener *ret)
{
	struct head head = { .call_size = (uint32_t)call_size, .text_size = (uint32_t)text->len };
	autofd file = fd_make_memory("tamis-agent", false);

	memcpy(head.magic, magic, sizeof(magic));
	if (file < 0 || text->len > PROCESS_STATE_BYTES_MAX ||
	    call_size > SYS_PAGE_BYTES - CALL_OFFSET)
		return file < 0 ? file : -E2BIG;
	if (ftruncate(file, (off_t)(SYS_PAGE_BYTES + text->len)) < 0 ||
	    pwrite(file, &head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
	    pwrite(file, text->data, text->len, SYS_PAGE_BYTES) != (ssize_t)text->len ||
	    fcntl(file, F_ADD_SEALS, SEALS) < 0)
		return errno ? -errno : -EIO;
	int r = map(file, ret);

	return r < 0 ? r : take_fd(&file);
}

int kept_listener_open(int file, size_t call_size, struct kept_listener *ret, struct text *ret_text)
{
	struct head head;
	struct stat st;
	int seals = fcntl(file, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS || fstat(file, &st) < 0 ||
	    pread(file, &head, sizeof(head), 0) != (ssize_t)sizeof(head))
		return -EBADF;
	if (memcmp(head.magic, magic, sizeof(magic)) != 0 || head.call_size != call_size ||
	    head.text_size > PROCESS_STATE_BYTES_MAX ||
	    st.st_size != (off_t)SYS_PAGE_BYTES + (off_t)head.text_size)
		return -EBADF;
	ret_text->len = head.text_size;
	ret_text->data = arena_alloc(ret_text->len + 1);
	if (pread(file, ret_text->data, ret_text->len, SYS_PAGE_BYTES) != (ssize_t)ret_text->len)
		return -EBADF;
	return map(file, ret);
}

void kept_listener_close(struct kept_listener *k)
{
	if (k->page)
		(void)munmap(k->page, SYS_PAGE_BYTES);
	*k = (struct kept_listener){ .page = NULL };
}
