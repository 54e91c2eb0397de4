/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the opening of files of lines. What must hold: a file that has something else in it is not
 * changed, so nothing is cut before the caller has read what there is.
 */
#include "base/lines.h"

#include "base/err.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int lines_open(const char *path, enum lines_link link, size_t limit, int *ret_fd,
	       struct text *ret_text)
{
	autofd fd = open(path,
			 O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
				 (link == LINES_LINK_REFUSED ? O_NOFOLLOW : 0),
			 0666);
	struct stat st;
	const char *last;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "%s: cannot be written", path);
	if (!S_ISREG(st.st_mode))
		return fail(0, "%s: expected a file to which lines can be appended", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? fail(0, "%s: another process writes to it", path)
					    : fail(errno, "%s: cannot be locked", path);
	r = io_read_all(fd, limit, ret_text);
	if (r < 0)
		return fail(-r, "%s: cannot be read", path);
	last = ret_text->len ? memrchr(ret_text->data, '\n', ret_text->len) : NULL;
	if (ret_text->len && !last)
		return fail(0, "%s: has no whole line, so that nothing is appended to it", path);
	ret_text->len = last ? (size_t)(last + 1 - ret_text->data) : 0;
	ret_text->data[ret_text->len] = '\0';
	*ret_fd = take_fd(&fd);
	return 0;
}

int lines_cut(int fd, const char *path, const struct text *text)
{
	return ftruncate(fd, (off_t)text->len) < 0
		       ? fail(errno, "%s: its incomplete last line cannot be removed", path)
		       : 0;
}
