/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns descriptors 0 to 2 of a process without a terminal.
 *
 * What must hold: only a null device is replaced, and only by a null device. Each is recognised by
 * its device number, read from the descriptor that is used (CVE-2026-88265). The owner of a device,
 * a terminal or a regular file is never changed.
 */
#include "process/stdio.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static bool is_null(int fd, struct stat *ret)
{
	return fstat(fd, ret) == 0 && S_ISCHR(ret->st_mode) && ret->st_rdev == makedev(1, 3);
}

/*
 * Returns the container's null device, or -1 if it has none. The file is checked by an O_PATH
 * descriptor before it is opened, because opening another device may have effects, and again
 * afterwards.
 */
static int open_null(const struct box *box)
{
	struct stat st;
	autofd seen = path_open(box->root, "/dev/null", O_PATH);

	if (seen < 0 || !is_null(seen, &st))
		return -1;
	autofd fd = path_open(box->root, "/dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK);

	return fd >= 0 && is_null(fd, &st) ? take_fd(&fd) : -1;
}

/*
 * Makes the container's user the owner of a pipe, so that the program may open /dev/stdout again.
 * If that is not allowed (owner not mapped in the user namespace, read-only file system) the
 * program works without. A terminal is not given: the host's terminal would belong to that user
 * afterwards, who could read and write it on the host.
 */
static int give(int fd, const struct stat *st, uid_t uid)
{
	if (st->st_uid == uid || !S_ISFIFO(st->st_mode))
		return 0;
	if (fchown(fd, uid, (gid_t)-1) < 0 && errno != EPERM && errno != EINVAL && errno != EROFS)
		return fail(errno, "change the owner of file descriptor %d", fd);
	return 0;
}

int stdio_fix(void *ctx)
{
	const struct box *box = ctx;
	autofd null = -1;
	struct stat st;

	if (box->plan->process.terminal)
		return 0;
	for (int fd = 0; fd < 3; fd++) {
		if (is_null(fd, &st)) {
			if (null < 0)
				null = open_null(box);
			if (null >= 0 && dup2(null, fd) < 0)
				return fail(
					errno,
					"replace file descriptor %d by the container's /dev/null",
					fd);
			continue;
		}
		if (fstat(fd, &st) < 0)
			continue;
		int r = give(fd, &st, box->plan->process.uid);

		if (r < 0)
			return r;
	}
	return 0;
}
