/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the messages from a container to the service manager.
 *
 * What must hold: a container can report only the state of its own service. It cannot name another
 * main process, store descriptors, or send anything that the table here does not list. It cannot
 * make us wait or use more memory, and it gets no directory of the host for this. Init binds the
 * socket in a tmpfs of the container's mount namespace (lib/fs/notifysock.c). On the host it exists
 * only as a descriptor, which init keeps until `start` fetches it.
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
	return *ret < 0 ? fail(errno, "NOTIFY_SOCKET: make a socket for the container") : 0;
}

/*
 * Receives the text of a message. Returns false if there is none. Descriptors in the message are
 * not received: the kernel discards them, which is also the answer to BARRIER=1. If we had to close
 * one ourselves, it could be a file of a FUSE server in the container, and close(2) would wait for
 * that server.
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

/* The lines that a container may send, see sd_notify(3). */
static bool is_allowed(const char *line)
{
	static const struct {
		const char *name, *of; /* allowed characters of the value; NULL: printable ones */
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
	/* a manager that does not read must not block us */
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
			return fail(errno, "wait for readiness");
		if (p[0].revents && sdnotify_forward(sock, mainpid) == 1)
			return 0;
		if (!p[0].revents && p[1].revents) /* nothing is left to read */
			return 0;
		behind_end += p[1].revents != 0;
	}
	return 0; /* the process has ended, and others keep sending */
}
