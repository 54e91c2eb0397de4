/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the receiving of listeners. What must hold: no peer makes this process wait, use unbounded
 * memory, or keep descriptors that no message names.
 */
#include "observe/intake.h"

#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_permitted(int conn)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	return getsockopt(conn, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

int intake_accept(struct intake *in, int sock)
{
	if (in->n == INTAKE_MAX)
		return -ENOSPC;
	autofd conn = accept4(sock, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (conn < 0)
		return -errno;
	if (!is_permitted(conn))
		return -EPERM;
	struct intake_connection *c = &in->connections[in->n];

	*c = (struct intake_connection){ .fd = take_fd(&conn),
					 .deadline = sys_now_ms() + INTAKE_MS };
	struct arena *before = arena_use(&c->arena);

	c->data = arena_alloc(PROCESS_STATE_BYTES_MAX + 1);
	arena_use(before);
	return (int)in->n++;
}

static void take_descriptors(struct intake_connection *c, struct msghdr *m)
{
	for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		const size_t n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(h) + i * sizeof(fd), sizeof(fd));
			if (c->n_fds < PROCESS_STATE_FDS_MAX) {
				c->fds[c->n_fds++] = fd;
				continue;
			}
			c->n_fds = PROCESS_STATE_FDS_MAX + 1;
			fd_close(&fd);
		}
	}
	if (m->msg_flags & MSG_CTRUNC)
		c->n_fds = PROCESS_STATE_FDS_MAX + 1;
}

/*
 * Whether the object ends with the next n bytes, or there is none. Each byte is looked at once,
 * however slowly they come.
 */
static bool is_whole(struct intake_connection *c, const char *data, size_t n)
{
	bool is_over = false;

	for (size_t i = 0; i < n && !is_over; i++) {
		const char byte = data[i];

		if (c->is_escaped)
			c->is_escaped = false;
		else if (c->in_string && byte == '\\')
			c->is_escaped = true;
		else if (byte == '"')
			c->in_string = !c->in_string;
		else if (c->in_string)
			continue;
		else if (byte == '{')
			c->depth++;
		else if (byte == '}')
			is_over = c->depth <= 1 || --c->depth == 0;
	}
	return is_over;
}

int intake_read(struct intake *in, size_t index)
{
	struct intake_connection *c = &in->connections[index];
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(PROCESS_STATE_FDS_MAX * sizeof(int))];
	} control;
	struct iovec v = { c->data + c->n, PROCESS_STATE_BYTES_MAX + 1 - c->n };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(c->fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return sys_now_ms() < c->deadline ? 0 : -ETIMEDOUT;
	if (n < 0)
		return -errno;
	take_descriptors(c, &m);
	const bool whole = n == 0 || is_whole(c, c->data + c->n, (size_t)n);

	c->n += (size_t)n;
	return c->n > PROCESS_STATE_BYTES_MAX ? -E2BIG : whole;
}

struct text intake_text(const struct intake *in, size_t index)
{
	const struct intake_connection *c = &in->connections[index];

	return (struct text){ c->data, c->n };
}

int intake_take_listener(struct intake *in, size_t index, const struct process_state *state)
{
	struct intake_connection *c = &in->connections[index];

	return c->n_fds == state->n_fds ? take_fd(&c->fds[state->listener]) : -EBADF;
}

void intake_close(struct intake *in, size_t index)
{
	struct intake_connection *c = &in->connections[index];

	for (size_t i = 0; i < c->n_fds && i < PROCESS_STATE_FDS_MAX; i++)
		fd_close(&c->fds[i]);
	fd_close(&c->fd);
	arena_free(&c->arena);
	*c = in->connections[--in->n];
}

int intake_timeout(const struct intake *in)
{
	int64_t first = INT64_MAX, now;

	for (size_t i = 0; i < in->n; i++)
		if (in->connections[i].deadline < first)
			first = in->connections[i].deadline;
	if (in->n == 0)
		return -1;
	now = sys_now_ms();
	return first > now ? (int)(first - now) : 0;
}
