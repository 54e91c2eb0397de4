/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A seccomp agent for tests: accepts one connection at listenerPath that says something, reads once
 * (less than 16384 bytes, like engines; it prints the number), requires exactly one descriptor in
 * that message, then reads the rest. Answers notifications until the filter is gone.
 *
 *   agent SOCKET READY STATE ANSWER...
 * The file READY is created when it listens; the JSON document is written to STATE. ANSWER is
 * NR=errno:N, NR=value:N or NR=continue; a call without an answer is continued. Prints a line for
 * each notification.
 */
#include "sys/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* runc 1.1.5 does not close the connection: there the first notification is the end. */
static bool is_more(int conn, int fd)
{
	struct pollfd p[] = { { .fd = conn, .events = POLLIN }, { .fd = fd, .events = POLLIN } };

	return poll(p, 2, 20000) > 0 && p[0].revents;
}

static int take(int conn, const char *state)
{
	static char text[16384];
	union {
		char buf[CMSG_SPACE(8 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { text, sizeof(text) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.buf,
			      .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *c;
	ssize_t n = recvmsg(conn, &msg, MSG_CMSG_CLOEXEC);
	int fd = -1, out;

	if (n < 0)
		die("recvmsg");
	if (n == 0) {
		close(conn);
		return -1;
	}
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int))) {
		fprintf(stderr, "agent: not exactly one descriptor\n");
		exit(2);
	}
	memcpy(&fd, CMSG_DATA(c), sizeof(int));
	printf("first: %zd bytes\n", n);
	out = open(state, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	do /* the rest, which CRI-O does not read, up to the end */
		if (out < 0 || write(out, text, (size_t)n) != n)
			die(state);
	while (is_more(conn, fd) && (n = recv(conn, text, sizeof(text), 0)) > 0);
	printf("end: %zd\n", n);
	fflush(stdout);
	close(out);
	return fd;
}

static void answer(struct seccomp_notif_resp *resp, int nr, char **argv)
{
	resp->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	for (; *argv; argv++) {
		char *word;

		if (strtol(*argv, &word, 10) != nr || *word++ != '=')
			continue;
		if (!strncmp(word, "errno:", 6)) {
			resp->flags = 0;
			resp->error = -(int)strtol(word + 6, NULL, 10);
		} else if (!strncmp(word, "value:", 6)) {
			resp->flags = 0;
			resp->val = strtol(word + 6, NULL, 10);
		}
	}
}

static void serve(int fd, char **argv)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, 20000) > 0 && (p.revents & POLLIN)) {
		struct seccomp_notif req = { 0 };
		struct seccomp_notif_resp resp = { 0 };

		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &req)) {
			if (errno == ENOENT || errno == EINTR)
				continue; /* the calling process was killed */
			die("NOTIF_RECV");
		}
		resp.id = req.id;
		answer(&resp, req.data.nr, argv);
		printf("notified: %d\n", req.data.nr);
		fflush(stdout);
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &resp) && errno != ENOENT)
			die("NOTIF_SEND");
	}
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 64;
	int sock = serve_listen(argv[1], argv[2]), fd;

	do
		fd = take(serve_accept(sock), argv[3]);
	while (fd < 0);
	serve(fd, argv + 4);
	return 0;
}
