/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of lines to which one process at a time appends, so that a crash loses at most the last
 * line. Example:
 *
 *     r = lines_open(path, MAX, &fd, &text);
 *     if (r >= 0)
 *             r = check(&text);                is the file one of ours?
 *     if (r >= 0)
 *             r = lines_cut(fd, path, &text);
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/io.h"

/*
 * Opens or makes the file and locks it until it is closed. *ret_text gets its whole lines, each of
 * which ends with a line feed; nothing is changed yet. Refused if it is no regular file, has no
 * whole line, or another process has it open in this way. Reporting.
 */
must_check int lines_open(const char *path, size_t limit, int *ret_fd, struct text *ret_text);
/* Removes what is behind the whole lines. Reporting. */
must_check int lines_cut(int fd, const char *path, const struct text *text);

#endif
