/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes lines to a file, pipe or terminal whose reader may not read and whose file system may be
 * full. Example:
 *
 *	struct line_writer log = line_writer(fd);
 *
 *	line_writer_add(&log, line, strlen(line));
 *	if (log.n_lost) ...
 */
#ifndef OBSERVE_LINE_WRITER_H
#define OBSERVE_LINE_WRITER_H

#include "base/base.h"

enum { LINE_WRITER_MS = 5000 }; /* for which a writer waits for its reader in its whole life */

struct line_writer {
	int fd;		 /* -1: lines are not written, and none is lost */
	int wait_ms;	 /* what is left of LINE_WRITER_MS */
	bool is_file;	 /* a regular file: a line is one write(2) */
	bool is_cut;	 /* the last line that was begun has no end */
	uint64_t n_lost; /* lines that were not written as a whole */
	int error;	 /* why the first of them was not: errno */
};

/* Returns a writer to fd, which stays the caller's. */
struct line_writer line_writer(int fd);
/*
 * Writes a line, which ends with a line feed. After a line that could be written in part only it
 * begins on a line of its own. All calls together wait at most LINE_WRITER_MS.
 */
void line_writer_add(struct line_writer *w, const char *line, size_t n);

#endif
