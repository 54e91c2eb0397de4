/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what becomes of descriptors 0 to 2 without a terminal. What must hold: only a null
 * device is replaced, only by a null device, each known by its number on the descriptor that
 * is used (CVE-2026-88265); the owner of a device, a terminal or a regular file is never
 * changed.
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

/* The container's null device, or -1 if it has none: looked at before it is opened (opening
 * another device may do things), and again after. */
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
 * A pipe, so that the program may open /dev/stdout again; where the host's side forbids it (a
 * foreign owner in a user namespace, a read-only file system), it works without. Not a terminal:
 * the caller's would stay that user's afterwards, to be read and written to on the host.
 */
static int give(int fd, const struct stat *st, uid_t uid)
{
	if (st->st_uid == uid || !S_ISFIFO(st->st_mode))
		return 0;
	if (fchown(fd, uid, (gid_t)-1) < 0 && errno != EPERM && errno != EINVAL && errno != EROFS)
		return fail(errno, "owner of descriptor %d", fd);
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
				return fail(errno, "dup2");
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
