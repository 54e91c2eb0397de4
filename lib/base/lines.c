/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the opening of files of lines. What must hold: a file that has something else in it is not
 * changed, so nothing is cut before the caller has read what there is.
 */
#include "base/lines.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 16 };

int lines_name(const char *path, const char *id, const char *suffix, const char **ret,
	       enum lines_link *ret_link)
{
	struct stat st;

	*ret = path;
	*ret_link = LINES_LINK_FOLLOWED;
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return 0;
	if (strchr(id, '/'))
		return fail(0, "expected the id of a container, found '%s'", id);
	*ret = arena_printf("%s/%s.%s", path, id, suffix);
	*ret_link = LINES_LINK_REFUSED;
	return 0;
}

/* *ret_gone: the file was removed before it was locked, so that what is written would be lost. */
static int open_locked(const char *path, enum lines_link link, int *ret_fd, bool *ret_gone)
{
	autofd fd = open(path,
			 O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
				 (link == LINES_LINK_REFUSED ? O_NOFOLLOW : 0),
			 0666);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "%s: cannot be written", path);
	if (!S_ISREG(st.st_mode))
		return fail(0, "%s: expected a file to which lines can be appended", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? fail(0, "%s: another process writes to it", path)
					    : fail(errno, "%s: cannot be locked", path);
	if (fstat(fd, &st) < 0)
		return fail(errno, "%s: cannot be written", path);
	*ret_gone = st.st_nlink == 0;
	*ret_fd = take_fd(&fd);
	return 0;
}

int lines_open(const char *path, enum lines_link link, size_t limit, int *ret_fd,
	       struct text *ret_text)
{
	autofd fd = -1;
	const char *last;
	bool is_gone = true;
	int r = 0;

	for (int i = 0; i < TRIES && r >= 0 && is_gone; i++) {
		fd_close(&fd);
		r = open_locked(path, link, &fd, &is_gone);
	}
	if (r < 0)
		return r;
	if (is_gone)
		return fail(0, "%s: another process removes it again and again", path);
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
