/* SPDX-License-Identifier: Apache-2.0 */
/* Owns reading and writing of whole files by descriptor and name. */
#include "base/io.h"

#include "base/arena.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READER_MS = 5000 };

int io_read_all(int fd, size_t limit, struct text *ret)
{
	struct stat st;
	char small[4096]; /* for files of procfs and cgroupfs, whose size is not known in advance */
	size_t size = sizeof(small), used = 0;
	char *buf = small;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		if ((uintmax_t)st.st_size > limit)
			return -EFBIG;
		size = (size_t)st.st_size + 1;
		buf = arena_alloc(size + 1);
	}
	for (;;) {
		if (used == size) {
			char *bigger = arena_alloc(2 * size + 1);

			memcpy(bigger, buf, used);
			buf = bigger;
			size *= 2;
		}
		ssize_t n = read(fd, buf + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit)
			return -EFBIG;
	}
	if (buf == small)
		buf = arena_memdup(small, used);
	buf[used] = 0;
	*ret = (struct text){ buf, used };
	return 0;
}

int io_read_file(int dirfd, const char *path, size_t limit, struct text *ret)
{
	autofd fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	return io_read_all(fd, limit, ret);
}

int io_write_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -errno;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

void io_write_best(int fd, const void *data, size_t n)
{
	const char *p = data;

	/*
	 * If poll(2) reports a descriptor as writable, PIPE_BUF bytes can be written without
	 * blocking.
	 */
	while (fd >= 0 && n && fd_wait(fd, POLLOUT, READER_MS) == 1) {
		size_t part = n < PIPE_BUF ? n : PIPE_BUF;

		if (io_write_all(fd, p, part) < 0)
			return; /* this error cannot be reported anywhere */
		p += part;
		n -= part;
	}
}

int io_write_file(int dirfd, const char *path, const char *text)
{
	autofd fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

	if (fd < 0)
		return -errno;
	size_t len = strlen(text);
	ssize_t n;

	do
		n = write(fd, text, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int io_write_new(int dirfd, const char *name, const void *data, size_t n, mode_t mode)
{
	autofd fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	return fd < 0 ? -errno : io_write_all(fd, data, n);
}

int io_replace_file(int dirfd, const char *name, const void *data, size_t n, mode_t mode)
{
	char temp[256];

	if (snprintf(temp, sizeof(temp), ".%.200s.%d", name, getpid()) < 0)
		return -EINVAL;
	int r = io_write_new(dirfd, temp, data, n, mode);

	if (r == -EEXIST && unlinkat(dirfd, temp, 0) == 0) /* left by a command that was killed */
		r = io_write_new(dirfd, temp, data, n, mode);
	if (r == 0 && renameat(dirfd, temp, dirfd, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dirfd, temp, 0);
	return r;
}

int io_make_memory(const char *name, const void *data, size_t n)
{
	autofd fd = fd_make_memory(name, false);
	int r = fd < 0 ? fd : io_write_all(fd, data, n);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	return r < 0 ? r : take_fd(&fd);
}
