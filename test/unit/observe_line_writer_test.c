/* SPDX-License-Identifier: Apache-2.0 */
/* lib/observe/line_writer.c: lines that cannot be written, or nobody reads. */
#include "observe/line_writer.h"

#include "base/io.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static void add(struct line_writer *w, const char *line)
{
	line_writer_add(w, line, strlen(line));
}

/* As on a full disk: the file may have that many bytes. */
static void set_room(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_full(void)
{
	const int fd = io_make_memory("log", "", 0);
	struct line_writer w = line_writer(fd);
	struct text text;

	set_room(10);
	add(&w, "first\n");
	add(&w, "second\n");
	ok(w.n_lost == 1 && w.error == EFBIG, "a line that could be written in part is lost");
	add(&w, "third\n");
	ok(w.n_lost == 2, "and so is the next one while there is no room");
	set_room(RLIM_INFINITY);
	add(&w, "fourth\n");
	add(&w, "fifth\n");
	lseek(fd, 0, SEEK_SET);
	ok(io_read_all(fd, 100, &text) >= 0 &&
		   strcmp(text.data, "first\nseco\nfourth\nfifth\n") == 0,
	   "then a line begins on its own behind the part");
	ok(w.n_lost == 2, "and is not lost");
	close(fd);
}

static void test_not_read(void)
{
	char all[1 << 16];
	int fds[2], n_before;

	if (pipe2(fds, O_NONBLOCK) < 0)
		exit(1);
	struct line_writer w = line_writer(fds[1]);

	w.wait_ms = 1;
	memset(all, 'x', sizeof(all));
	all[sizeof(all) - 1] = '\n';
	while (w.n_lost == 0)
		line_writer_add(&w, all, sizeof(all));
	ok(w.wait_ms == 0 && w.error == EAGAIN, "the time for which a writer waits is used up");
	n_before = (int)w.n_lost;
	add(&w, "lost\n");
	ok((int)w.n_lost == n_before + 1, "a line is lost without waiting");
	while (read(fds[0], all, sizeof(all)) > 0)
		;
	add(&w, "read\n");
	ssize_t n = read(fds[0], all, sizeof(all) - 1);

	all[n > 0 ? n : 0] = '\0';
	ok(strcmp(all, "read\n") == 0 || strcmp(all, "\nread\n") == 0,
	   "a line is written again when there is a reader");
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	test_full();
	test_not_read();
	return done();
}
