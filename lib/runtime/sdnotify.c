/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a container to the service manager. What must hold: a container says no
 * more than the state of its own service: not another main process, no descriptor to be kept,
 * nothing that this table does not name; and it cannot make us wait or grow.
 */
#include "runtime/sdnotify.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, FDS_MAX = 253 /* SCM_MAX_FD */ };

const char *sdnotify_host(void)
{
	const char *s = getenv("NOTIFY_SOCKET");

	return s && (s[0] == '/' || s[0] == '@') && s[1] ? s : NULL;
}

int sdnotify_make(int statedir)
{
	if (mkdirat(statedir, SDNOTIFY_DIR, 0755) < 0 ||
	    fchmodat(statedir, SDNOTIFY_DIR, 0755, 0) < 0)
		return fail(errno, SDNOTIFY_DIR ": cannot be made");
	return 0;
}

/* By a name relative to the directory: its path may be longer than sun_path. */
static int bind_in(int dir, int sock)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX, .sun_path = SDNOTIFY_SOCKET };
	autofd here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (here < 0 || fchdir(dir) < 0)
		return -errno;
	int r = bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno : 0;

	return fchdir(here) < 0 ? -errno : r;
}

int sdnotify_open(int statedir, int *ret)
{
	*ret = -1;
	if (!sdnotify_host())
		return 0;
	autofd dir =
		openat(statedir, SDNOTIFY_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return errno == ENOENT ? 0 : fail(errno, SDNOTIFY_DIR ": cannot be opened");
	/* of a start that was killed */
	if (unlinkat(dir, SDNOTIFY_SOCKET, 0) < 0 && errno != ENOENT)
		return fail(errno, SDNOTIFY_SOCKET ": cannot be removed");
	autofd sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (sock < 0)
		return fail(errno, SDNOTIFY_SOCKET ": no socket");
	int r = bind_in(dir, sock);

	/* whatever user the program is; nobody else comes through the state directory */
	if (r < 0 || fchmodat(dir, SDNOTIFY_SOCKET, 0666, 0) < 0)
		return fail(r < 0 ? -r : errno, SDNOTIFY_SOCKET ": cannot be bound");
	*ret = take_fd(&sock);
	return 0;
}

int sdnotify_remove(int statedir)
{
	if ((unlinkat(statedir, SDNOTIFY_DIR "/" SDNOTIFY_SOCKET, 0) < 0 && errno != ENOENT) ||
	    (unlinkat(statedir, SDNOTIFY_DIR, AT_REMOVEDIR) < 0 && errno != ENOENT))
		return -errno;
	return 0;
}

/* A message's text; false: there is none. Descriptors are closed: for BARRIER=1 that is the
 * answer, and none is for keeping. */
static bool take(int sock, char *text)
{
	struct iovec iov = { text, TEXT_MAX - 1 };
	union {
		char buf[CMSG_SPACE(FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	ssize_t n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0)
		return false;
	text[n > 0 && !(m.msg_flags & MSG_TRUNC) ? n : 0] = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		size_t fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; c->cmsg_type == SCM_RIGHTS && i < fds; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			close(fd);
		}
	}
	return true;
}

/* sd_notify(3). */
static bool is_allowed(const char *line)
{
	static const struct {
		const char *name, *of; /* the characters of its value; NULL: what can be printed */
	} known[] = {
		{ "READY=", "1" },     { "STOPPING=", "1" },
		{ "RELOADING=", "1" }, { "MONOTONIC_USEC=", "0123456789" },
		{ "WATCHDOG=", "1" },  { "STATUS=", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		size_t n = strlen(known[i].name);
		const unsigned char *value = (const unsigned char *)line + n;

		if (strncmp(line, known[i].name, n) != 0)
			continue;
		if (known[i].of)
			return value[strspn((const char *)value, known[i].of)] == 0;
		while (*value >= ' ' && *value < 0x7f)
			value++;
		return *value == 0;
	}
	return false;
}

static void tell(const char *text)
{
	const char *path = sdnotify_host();
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	autofd sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	size_t n = path ? strlen(path) : 0;

	if (sock < 0 || n == 0 || n >= sizeof(addr.sun_path))
		return;
	memcpy(addr.sun_path, path, n);
	if (path[0] == '@')
		addr.sun_path[0] = 0;
	/* a manager that does not read must not keep us from the container */
	(void)!sendto(sock, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
		      (struct sockaddr *)&addr,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

int sdnotify_forward(int sock, pid_t mainpid)
{
	static char text[TEXT_MAX], out[TEXT_MAX + 32];
	bool ready = false;
	char *rest = text, *line;
	size_t used = 0;

	if (!take(sock, text))
		return -EAGAIN;
	while ((line = strsep(&rest, "\n"))) {
		if (!is_allowed(line))
			continue;
		ready = ready || strcmp(line, "READY=1") == 0;
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s\n", line);
	}
	if (ready && mainpid > 0)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "MAINPID=%d\n", mainpid);
	if (used)
		tell(out);
	return ready;
}

int sdnotify_await(int sock, int pidfd, pid_t mainpid)
{
	for (;;) {
		struct pollfd p[] = { { sock, POLLIN, 0 }, { pidfd, POLLIN, 0 } };

		if (poll(p, ARRAY_LEN(p), -1) < 0 && errno != EINTR)
			return fail(errno, "poll");
		if (p[0].revents && sdnotify_forward(sock, mainpid) == 1)
			return 0;
		if (!p[0].revents && p[1].revents) /* it has said all */
			return 0;
	}
}
