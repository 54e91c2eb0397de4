/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the rules for file descriptors: which are open in our processes. */
#include "base/fd.h"

#include "base/arena.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* 6.3 */
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* 6.3; wanted where vm.memfd_noexec is set */
#endif

void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

int fd_wait(int fd, short events, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t deadline = sys_now_ms() + timeout_ms;

	for (;;) {
		int64_t left = deadline - sys_now_ms();
		int r = poll(&p, 1, timeout_ms < 0 ? -1 : left > 0 ? (int)left : 0);

		if (r >= 0)
			return r;
		if (errno != EINTR)
			return -errno;
	}
}

int fd_open_standard(void)
{
	int fd;

	for (int i = 0; i <= 2; i++) {
		if (fcntl(i, F_GETFD) >= 0)
			continue;
		/* open(2) returns the lowest free number */
		fd = open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return -errno;
		/* without O_CLOEXEC: the program inherits it */
		if (fd != i || fcntl(fd, F_SETFD, 0) < 0)
			return -EBADF;
	}
	return 0;
}

int fd_null_standard(int last)
{
	autofd null = open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (null < 0)
		return -errno;
	for (int i = 0; i <= last; i++)
		if (dup2(null, i) < 0)
			return -errno;
	if (null <= last) /* it is one of them */
		(void)take_fd(&null);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

int fd_close_others(const int *keep, size_t n)
{
	return fd_close_others_from(3, keep, n);
}

int fd_close_others_from(unsigned int first, const int *keep, size_t n)
{
	int *sorted = arena_array(n + 1, sizeof(*sorted));
	unsigned int from = first;

	if (n)
		memcpy(sorted, keep, n * sizeof(*keep));
	qsort(sorted, n, sizeof(*sorted), by_value);
	for (size_t i = 0; i < n; i++) {
		if (sorted[i] < 0 || (unsigned int)sorted[i] < from)
			continue;
		unsigned int fd = (unsigned int)sorted[i];

		if (fd > from && sys_close_range(from, fd - 1, 0) < 0)
			return -errno;
		from = fd + 1;
	}
	return sys_close_range(from, UINT_MAX, 0) < 0 ? -errno : 0;
}

int fd_cloexec_from(unsigned int first)
{
	return sys_close_range(first, UINT_MAX, SYS_CLOSE_RANGE_CLOEXEC) < 0 ? -errno : 0;
}

size_t fd_raise_limit(size_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	const rlim_t before = limit.rlim_cur;

	if (before >= wanted)
		return before;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? before : limit.rlim_cur;
}

int fd_make_memory(const char *name, bool executable)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | (executable ? MFD_EXEC : MFD_NOEXEC_SEAL));

	if (fd < 0 && errno == EINVAL) /* before 6.3 all are executable */
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}
