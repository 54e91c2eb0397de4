/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how an edited profile gets into its file. The new content is written beside the file and
 * renamed over it, so that a full disk or a crash leaves the old one. If owner or mode cannot be
 * kept the file is left as it is.
 */
#include "cmd/seccomp/output.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 16 };

static int write_stream(const char *path, const struct text *text)
{
	autofd fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -errno : io_write_all(fd, text->data, text->len);
}

/* `old` is the file that is replaced; NULL: there is none. */
static int fill(int fd, const struct text *text, const struct stat *old)
{
	int r = io_write_all(fd, text->data, text->len);

	if (r < 0 || !old)
		return r;
	if ((old->st_uid != geteuid() || old->st_gid != getegid()) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		return -errno;
	return fchmod(fd, old->st_mode & 07777) < 0 ? -errno : 0;
}

static int replace(const char *path, const struct text *text, const struct stat *old)
{
	char *temp = arena_printf("%s.XXXXXX", path);
	autofd fd = mkostemp(temp, O_CLOEXEC);
	mode_t mask = umask(0);
	int r = fd < 0 ? -errno : 0;

	umask(mask);
	if (r < 0)
		return r;
	if (!old && fchmod(fd, 0666 & ~mask) < 0)
		r = -errno;
	if (r == 0)
		r = fill(fd, text, old);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && rename(temp, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temp);
	return r;
}

/* The file behind symbolic links, which need not exist: one step each. */
static int follow_links(const char *path, const char **ret)
{
	for (int links = 0; links < LINKS_MAX; links++) {
		char target[PATH_MAX];
		ssize_t n = readlink(path, target, sizeof(target));
		const char *slash = strrchr(path, '/');

		*ret = path;
		if (n < 0)
			return errno == EINVAL || errno == ENOENT ? 0 : -errno;
		if (n == sizeof(target))
			return -ENAMETOOLONG;
		path = arena_memdup(target, (size_t)n);
		if (path[0] != '/' && slash)
			path = arena_printf("%.*s/%s", (int)(slash - *ret), *ret, path);
	}
	return -ELOOP;
}

int output_write(const char *path, const struct text *text)
{
	const char *file = path;
	struct stat old;
	int r = follow_links(path, &file);
	bool exists = stat(file, &old) == 0;

	if (r == 0 && exists && S_ISREG(old.st_mode))
		r = replace(file, text, &old);
	else if (r == 0)
		r = exists ? write_stream(path, text) : replace(file, text, NULL);
	return r < 0 ? fail(-r, "%s: cannot be written", path) : 0;
}
