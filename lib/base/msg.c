/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the packet format of our own sockets. What must hold: a malformed packet from a process that
 * the image may control is an error. No length in it is trusted.
 */
#include "base/msg.h"

#include "base/arena.h"
#include "base/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct header {
	uint32_t type;
	int32_t code;
};

int msg_pair(int ret[2])
{
	int pair[2], on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	if (setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0) {
		int saved = errno;

		close(pair[0]);
		close(pair[1]);
		return -saved;
	}
	ret[0] = pair[0];
	ret[1] = pair[1];
	return 0;
}

int msg_send(int sock, uint32_t type, int32_t code, const char *text, const int *fds, size_t n)
{
	struct header h = { type, code };
	size_t len = text ? strnlen(text, MSG_TEXT_MAX - 1) : 0;
	struct iovec iov[2] = { { &h, sizeof(h) }, { (void *)(uintptr_t)text, len } };
	union {
		char buf[CMSG_SPACE(MSG_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = len ? 2 : 1 };
	ssize_t r;

	if (n > MSG_FDS_MAX)
		return -E2BIG;
	if (n) {
		m.msg_control = control.buf;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	}
	do
		r = sendmsg(sock, &m, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int msg_send_fd(int sock, const void *data, size_t n, int fd)
{
	struct iovec iov = { (void *)(uintptr_t)data, n };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t w;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	do
		w = sendmsg(sock, &m, MSG_NOSIGNAL);
	while (w < 0 && errno == EINTR);
	if (w < 0)
		return -errno;
	return (size_t)w == n ? 0 : -EIO;
}

static void take_control(struct msghdr *m, struct msg *ret)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_CREDENTIALS) {
			struct ucred u;

			memcpy(&u, CMSG_DATA(c), sizeof(u));
			ret->pid = u.pid;
		} else if (c->cmsg_type == SCM_RIGHTS) {
			memcpy(&ret->fd, CMSG_DATA(c), sizeof(int));
		}
	}
}

/*
 * The kernel discards descriptors for which there is no room in the control data. Credentials come
 * first.
 */
enum {
	ROOM_SENDER = CMSG_SPACE(sizeof(struct ucred)),
	ROOM_FD = ROOM_SENDER + CMSG_LEN(sizeof(int)),
};

static int receive(int sock, int flags, size_t room, struct msg *ret)
{
	struct header h;
	char text[MSG_TEXT_MAX - 1];
	struct iovec iov[2] = { { &h, sizeof(h) }, { text, sizeof(text) } };
	union {
		char buf[ROOM_FD];
		struct cmsghdr align;
	} control;
	struct msghdr m = {
		.msg_iov = iov, .msg_iovlen = 2, .msg_control = control.buf, .msg_controllen = room
	};
	ssize_t r;

	*ret = (struct msg){ .fd = -1, .text = "" };
	do
		r = recvmsg(sock, &m, flags | MSG_CMSG_CLOEXEC);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return errno == ECONNRESET ? 0 : -errno;
	if (r == 0)
		return 0;
	take_control(&m, ret);
	if ((size_t)r < sizeof(h) || (m.msg_flags & MSG_TRUNC)) {
		fd_close(&ret->fd);
		return -EBADMSG;
	}
	ret->type = h.type;
	ret->code = h.code;
	if ((size_t)r > sizeof(h))
		ret->text = arena_memdup(text, (size_t)r - sizeof(h));
	return 1;
}

int msg_recv(int sock, struct msg *ret)
{
	return receive(sock, 0, ROOM_SENDER, ret);
}

int msg_recv_fd(int sock, pid_t from, struct msg *ret)
{
	int r = receive(sock, MSG_PEEK, ROOM_SENDER, ret);

	return r < 0 && r != -EBADMSG
		       ? r
		       : receive(sock, 0, r == 1 && ret->pid == from ? ROOM_FD : ROOM_SENDER, ret);
}
