/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the wait for data that others write into a pipe. What must hold: no open(2) or read(2)
 * blocks, because a signal handler with SA_RESTART would not end it. The amount of data is limited,
 * because a device may have no end.
 */
#include "base/input.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Reads the next piece; returns 0 at the end. A FIFO without a writer reads as ended, so each read
 * waits until poll(2) reports data or that a writer has closed.
 */
static ssize_t read_piece(int fd, char *buf, size_t size)
{
	for (;;) {
		int r = interrupt_await(fd, POLLIN);
		ssize_t n = r < 0 ? r : read(fd, buf, size);

		if (r == 0 && n < 0)
			n = -errno;
		if (n != -EAGAIN && (r < 0 || n != -EINTR))
			return n;
	}
}

int input_read(int dir, const char *name, size_t limit, struct text *ret)
{
	size_t size = 16384, used = 0;
	struct stat st;
	autofd fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode))
		return io_read_all(fd, limit, ret);
	char *buf = arena_alloc(size + 1);

	for (;;) {
		ssize_t n = read_piece(fd, buf + used, size - used);

		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit)
			return -EFBIG;
		if (used < size)
			continue;
		char *bigger = arena_alloc(2 * size + 1);

		memcpy(bigger, buf, used);
		buf = bigger;
		size *= 2;
	}
	buf[used] = 0;
	*ret = (struct text){ buf, used };
	return 0;
}
