/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine's end of --console-socket: listens, accepts one message with one descriptor, copies
 * the terminal to standard output until its other side is closed.
 *
 *   recvtty SOCKET READY [GATE]
 * The file READY is created when it listens. With GATE (a FIFO) it accepts only after a process has
 * opened that for writing, as containerd's shim accepts only after the runtime has ended. Facts
 * about the message go to standard error: "message: N bytes, N fds, tty ROWSxCOLUMNS". With
 * RESIZE=ROWSxCOLUMNS in the environment it sets the size at once; with DEAF it never reads.
 */
#include "sys/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int take(int conn)
{
	char text[4096];
	union {
		char buf[CMSG_SPACE(4 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { text, sizeof(text) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.buf,
			      .msg_controllen = sizeof(control.buf) };
	struct winsize size = { 0 };
	struct cmsghdr *c;
	ssize_t n = recvmsg(conn, &msg, MSG_CMSG_CLOEXEC);
	size_t fds = 0;
	int fd = -1;

	if (n < 0)
		die("recvmsg");
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_type != SCM_RIGHTS)
			continue;
		fds += (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(&fd, CMSG_DATA(c), sizeof(int));
	}
	if (fd >= 0)
		(void)ioctl(fd, TIOCGWINSZ, &size); /* a pidfd has none */
	fprintf(stderr, "message: %zd bytes, %zu fds, tty %hux%hu\n", n, fds, size.ws_row,
		size.ws_col);
	if (getenv("RESIZE") &&
	    sscanf(getenv("RESIZE"), "%hux%hu", &size.ws_row, &size.ws_col) == 2 &&
	    ioctl(fd, TIOCSWINSZ, &size))
		die("TIOCSWINSZ");
	/* Exactly one message is expected; then the runtime closes the connection. */
	n = recv(conn, text, sizeof(text), 0);
	fprintf(stderr, "after: %zd\n", n);
	return fd;
}

int main(int argc, char **argv)
{
	int sock, conn, tty;
	char buf[4096];
	ssize_t n;

	if (argc < 3)
		return 64;
	sock = serve_listen(argv[1], argv[2]);
	if (argc > 3)
		close(open(argv[3], O_RDONLY | O_CLOEXEC));
	conn = serve_accept(sock);
	tty = take(conn);
	if (tty < 0)
		return 2;
	while (getenv("DEAF"))
		pause();
	for (;;) { /* EIO when the last slave is closed */
		n = read(tty, buf, sizeof(buf));
		if (n <= 0)
			return 0;
		if (write(1, buf, (size_t)n) != n)
			die("write");
	}
}
