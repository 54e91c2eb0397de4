/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the messages to the service manager. What must hold: a manager that does not read delays us
 * by SEND_MS at most.
 */
#include "observe/manager.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/sys.h"
#include "runtime/sdnotify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_FD = 3, GIVEN_MAX = 16384, STORED_MAX = 2, SEND_MS = 200 };

/* Whether it is our pid: variables may be inherited from a parent. */
static bool is_ours(const char *text)
{
	uint32_t pid;

	return text && num_parse_u32(text, &pid) >= 0 && pid == (uint32_t)getpid();
}

int manager_open(struct manager *m)
{
	const struct timeval limit = { .tv_usec = SEND_MS * 1000 };
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t n;

	*m = (struct manager){ .address = sdnotify_host(), .sock = -1 };
	if (!m->address)
		return 0;
	m->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (m->sock < 0 || setsockopt(m->sock, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0)
		return fail(errno, "NOTIFY_SOCKET: make a socket");
	if (usec && num_parse_u64(usec, &n) >= 0 && n / 1000 < INT_MAX && (!pid || is_ours(pid)))
		m->watchdog_ms = (int)(n / 1000);
	return 0;
}

size_t manager_inherited(struct manager_given **ret)
{
	const char *text = getenv("LISTEN_FDS"), *names = getenv("LISTEN_FDNAMES");
	char *rest = arena_strdup(names ? names : "");
	uint32_t n;

	*ret = NULL;
	if (!text || !is_ours(getenv("LISTEN_PID")) || num_parse_u32(text, &n) < 0 || n > GIVEN_MAX)
		n = 0;
	(void)!sys_close_range(FIRST_FD + n, UINT_MAX, 0);
	*ret = arena_array((size_t)n + 1, sizeof(**ret));
	for (uint32_t i = 0; i < n; i++) {
		const char *name = strsep(&rest, ":");
		const int fd = FIRST_FD + (int)i;

		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
			return i;
		(*ret)[i] = (struct manager_given){ fd, name ? name : "" };
	}
	return n;
}

static bool is_listening(int fd)
{
	int domain = 0, listening = 0;
	socklen_t n = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 && listening;
}

int manager_find_socket(struct manager_given *given, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_listening(given[i].fd))
			return take_fd(&given[i].fd);
	return -1;
}

static int send_message(const struct manager *m, const char *text, const int *fds, size_t n)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(STORED_MAX * sizeof(int))];
	} control = { .space = { 0 } };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const size_t len = m->address ? strlen(m->address) : 0;
	struct iovec v = { (void *)(uintptr_t)text, strlen(text) };
	struct msghdr msg = { .msg_name = &addr,
			      .msg_namelen =
				      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len),
			      .msg_iov = &v,
			      .msg_iovlen = 1 };

	if (len == 0)
		return 0;
	if (len > sizeof(addr.sun_path) || n > STORED_MAX)
		return -EINVAL;
	memcpy(addr.sun_path, m->address, len);
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = 0;
	if (n) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
						   .cmsg_type = SCM_RIGHTS,
						   .cmsg_len = CMSG_LEN(n * sizeof(int)) };
		memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
	}
	return sendmsg(m->sock, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int manager_tell(const struct manager *m, const char *text)
{
	return send_message(m, text, NULL, 0);
}

int manager_store(const struct manager *m, const char *name, const int *fds, size_t n)
{
	return send_message(m, arena_printf("FDSTORE=1\nFDNAME=%s", name), fds, n);
}

void manager_forget(const struct manager *m, const char *name)
{
	(void)!send_message(m, arena_printf("FDSTOREREMOVE=1\nFDNAME=%s", name), NULL, 0);
}
