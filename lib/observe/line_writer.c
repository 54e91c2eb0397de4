/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the writing of lines that may be lost. What must hold: a reader that does not read delays
 * the writer, and with it the calls of a container, by no more than LINE_WRITER_MS in all; and a
 * line that is lost in part does not damage the next one.
 */
#include "observe/line_writer.h"

#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct line_writer line_writer(int fd)
{
	struct stat st;

	return (struct line_writer){ .fd = fd,
				     .wait_ms = LINE_WRITER_MS,
				     .is_file = fd >= 0 && fstat(fd, &st) == 0 &&
						S_ISREG(st.st_mode) };
}

static bool await_reader(struct line_writer *w)
{
	const int64_t start = sys_now_ms();
	const int ready = fd_wait(w->fd, POLLOUT, w->wait_ms);
	const int64_t waited = sys_now_ms() - start;

	w->wait_ms = waited < w->wait_ms ? w->wait_ms - (int)waited : 0;
	errno = ready < 0 ? -ready : EAGAIN;
	return ready == 1;
}

/*
 * Writes some of the bytes and returns how many, or -1. If poll(2) reports a pipe as writable,
 * PIPE_BUF bytes can be written without blocking. A file gets them at once, so that lines of other
 * writers do not come between.
 */
static ssize_t write_part(struct line_writer *w, const char *data, size_t n)
{
	ssize_t done = -1;

	do {
		if (!await_reader(w))
			return -1;
		done = write(w->fd, data, w->is_file || n < PIPE_BUF ? n : PIPE_BUF);
	} while (done < 0 && errno == EINTR);
	return done;
}

void line_writer_add(struct line_writer *w, const char *line, size_t n)
{
	bool ends_cut = w->is_cut && w->fd >= 0;

	if (ends_cut && write_part(w, "\n", 1) == 1)
		ends_cut = w->is_cut = false;
	while (w->fd >= 0 && n && !ends_cut) {
		const ssize_t done = write_part(w, line, n);

		if (done <= 0)
			break;
		line += done;
		n -= (size_t)done;
		w->is_cut = n > 0;
	}
	if (w->fd < 0 || n == 0)
		return;
	w->error = w->n_lost ? w->error : errno;
	w->n_lost++;
}
