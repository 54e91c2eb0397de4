/* SPDX-License-Identifier: Apache-2.0 */
/* lib/observe/intake.c: a message is complete when its object is, however it arrives. */
#include "base/fd.h"
#include "observe/intake.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct intake intake;

/* Connects to a socket without a name in the file system. Returns the peer's end. */
static int connect_peer(int sock)
{
	struct sockaddr_un addr;
	socklen_t n = sizeof(addr);
	int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (peer < 0 || getsockname(sock, (struct sockaddr *)&addr, &n) < 0 ||
	    connect(peer, (const struct sockaddr *)&addr, n) < 0)
		abort();
	return peer;
}

/* Sends the text byte by byte. Returns behind how many bytes it was complete; 0: never. */
static size_t drip(int sock, const char *text)
{
	autofd peer = connect_peer(sock);
	int i = intake_accept(&intake, sock);
	size_t complete = 0;

	if (i < 0)
		return 0;
	for (size_t n = 0; text[n] && !complete; n++) {
		if (send(peer, text + n, 1, MSG_NOSIGNAL) != 1)
			break;
		if (intake_read(&intake, (size_t)i) == 1)
			complete = n + 1;
	}
	intake_close(&intake, (size_t)i);
	return complete;
}

static void test_end_of_object(int sock)
{
	is_int((intmax_t)drip(sock, "{}"), 2, "an empty object");
	is_int((intmax_t)drip(sock, "{\"a\":{\"b\":1}}x"), 13, "an object in an object");
	is_int((intmax_t)drip(sock, "{\"a\":\"}\\\"}\",\"b\":{}} "), 19, "braces in strings");
	is_int((intmax_t)drip(sock, "{\"a\":\"\\\\\"}"), 10, "an escaped backslash");
	is_int((intmax_t)drip(sock, "{\"a\":["), 0, "not yet");
	is_int((intmax_t)drip(sock, "[}"), 2, "no object: the parser refuses it");
	is_int((intmax_t)drip(sock, "\"{"), 0, "a string without end");
}

static void test_end_of_stream(int sock)
{
	autofd peer = connect_peer(sock);
	int i = intake_accept(&intake, sock);

	ok(i >= 0, "accepted");
	is_int(intake_read(&intake, (size_t)i), 0, "nothing yet");
	ok(intake_timeout(&intake) > 0, "there is a time limit");
	fd_close(&peer);
	is_int(intake_read(&intake, (size_t)i), 1, "the end");
	is_int((intmax_t)intake_text(&intake, (size_t)i).len, 0, "without a byte");
	intake_close(&intake, (size_t)i);
	is_int(intake_timeout(&intake), -1, "no connection");
}

static void test_too_long(int sock)
{
	autofd peer = connect_peer(sock);
	int i = intake_accept(&intake, sock), r = 0;
	static char blanks[4096];

	memset(blanks, ' ', sizeof(blanks));
	for (size_t n = 0; r == 0 && n <= PROCESS_STATE_BYTES_MAX; n += sizeof(blanks)) {
		if (send(peer, blanks, sizeof(blanks), MSG_NOSIGNAL) < 0)
			break;
		r = intake_read(&intake, (size_t)i);
	}
	is_int(r, -E2BIG, "too long");
	intake_close(&intake, (size_t)i);
}

static void test_many(int sock)
{
	int peers[INTAKE_MAX + 1], n = 0, r = 0;

	while (n <= INTAKE_MAX && r >= 0) {
		peers[n++] = connect_peer(sock);
		r = intake_accept(&intake, sock);
	}
	is_int(r, -ENOSPC, "too many connections");
	is_int(n, INTAKE_MAX + 1, "behind the limit");
	while (intake.n)
		intake_close(&intake, 0);
	ok(intake_accept(&intake, sock) == 0, "there is a place again");
	intake_close(&intake, 0);
	while (n > 0)
		fd_close(&peers[--n]);
}

/* Sends an object with descriptors 0 of that number. Returns the result of taking the second. */
static int take_second(int sock, size_t n)
{
	const struct process_state state = { .n_fds = 2, .listener = 1 };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(16 * sizeof(int))];
	} control = { .space = { 0 } };
	char text[] = "{}";
	struct iovec v = { text, 2 };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	autofd peer = connect_peer(sock);
	int i = intake_accept(&intake, sock);

	control.header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(n * sizeof(int)),
					   .cmsg_level = SOL_SOCKET,
					   .cmsg_type = SCM_RIGHTS };
	if (i < 0 || sendmsg(peer, &m, 0) != 2 || intake_read(&intake, (size_t)i) != 1)
		return -1;
	int fd = intake_take_listener(&intake, (size_t)i, &state);

	intake_close(&intake, (size_t)i);
	return fd;
}

static void test_descriptors(int sock)
{
	const int before = fcntl(0, F_DUPFD_CLOEXEC, 3);
	int fd = take_second(sock, 2);

	ok(fd >= 0, "two of two");
	fd_close(&fd);
	is_int(take_second(sock, 1), -EBADF, "one of two");
	is_int(take_second(sock, 3), -EBADF, "three of two");
	is_int(take_second(sock, 16), -EBADF, "more than the limit");
	int after = fcntl(0, F_DUPFD_CLOEXEC, before + 1);

	is_int(after, before + 1, "none is left");
	close(after);
	close(before);
}

int main(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* the kernel chooses an abstract name */
	if (sock < 0 || bind(sock, (const struct sockaddr *)&addr, sizeof(sa_family_t)) < 0 ||
	    listen(sock, 2 * INTAKE_MAX) < 0)
		return 1;
	test_end_of_object(sock);
	test_end_of_stream(sock);
	test_too_long(sock);
	test_many(sock);
	test_descriptors(sock);
	return done();
}
