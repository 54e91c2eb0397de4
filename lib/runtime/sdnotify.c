/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a container to the service manager. What must hold: a container says no
 * more than the state of its own service: not another main process, no descriptor to be kept,
 * nothing that this table does not name; it cannot make us wait or grow; and it has no directory
 * of the host for that. The socket is bound by init in a tmpfs of the container's own mount
 * namespace (lib/fs/notifysock.c); on the host it is a descriptor only, which init keeps until
 * `start` gets it.
 */
#include "runtime/sdnotify.h"

#include "base/err.h"
#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, LAST_WORDS = 64 };

const char *sdnotify_host(void)
{
	const char *s = getenv("NOTIFY_SOCKET");

	return s && (s[0] == '/' || s[0] == '@') && s[1] ? s : NULL;
}

int sdnotify_socket(int *ret)
{
	*ret = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return *ret < 0 ? fail(errno, "NOTIFY_SOCKET: no socket for the container") : 0;
}

/*
 * A message's text; false: there is none. Descriptors that come along are not received: the
 * kernel drops them (for BARRIER=1 that is the answer). One that we had to close ourselves could
 * be a file of the container's own FUSE server, for whose answer close(2) waits.
 */
static bool take(int sock, char *text)
{
	struct iovec iov = { text, TEXT_MAX - 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n = recvmsg(sock, &m, MSG_DONTWAIT);

	if (n < 0)
		return false;
	text[n > 0 && !(m.msg_flags & MSG_TRUNC) ? n : 0] = 0;
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
	for (int behind_end = 0; behind_end < LAST_WORDS;) {
		struct pollfd p[] = { { sock, POLLIN, 0 }, { pidfd, POLLIN, 0 } };

		if (poll(p, ARRAY_LEN(p), -1) < 0 && errno != EINTR)
			return fail(errno, "poll");
		if (p[0].revents && sdnotify_forward(sock, mainpid) == 1)
			return 0;
		if (!p[0].revents && p[1].revents) /* it has said all */
			return 0;
		behind_end += p[1].revents != 0;
	}
	return 0; /* it has ended, and others go on talking */
}
