/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of lines to which one process at a time appends, so that a crash loses at most the last
 * line. Example:
 *
 *     r = lines_open(path, LINES_LINK_FOLLOWED, MAX, &fd, &text);
 *     if (r >= 0)
 *             r = check(&text);                is the file one of ours?
 *     if (r >= 0)
 *             r = lines_cut(fd, path, &text);
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/io.h"

/*
 * Whether the file may be a symbolic link. A name that others know in advance, in a directory where
 * they can write, may not be one.
 */
enum lines_link { LINES_LINK_REFUSED, LINES_LINK_FOLLOWED };

/*
 * The file that `path` stands for: itself or, if it is a directory, "ID.SUFFIX" in it. Others know
 * that name in advance. Refused if the id would lead out of the directory. Arena. Reporting.
 */
must_check int lines_name(const char *path, const char *id, const char *suffix, const char **ret,
			  enum lines_link *ret_link);
/*
 * Opens or makes the file and locks it until it is closed. *ret_text gets its whole lines, each of
 * which ends with a line feed; nothing is changed yet. Refused if it is no regular file, has no
 * whole line, or another process has it open in this way. Reporting.
 */
must_check int lines_open(const char *path, enum lines_link link, size_t limit, int *ret_fd,
			  struct text *ret_text);
/* Removes what is behind the whole lines. Reporting. */
must_check int lines_cut(int fd, const char *path, const struct text *text);

#endif
