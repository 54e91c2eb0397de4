/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the fetching of descriptors from init.
 *
 * A process that may trace init can put any file under the expected number at any time. If that
 * file is served by the container (FUSE), every close(2) of it waits for the container's answer,
 * including the close at the end of a process. What must hold: no process that anybody waits for
 * ever has such a descriptor. Therefore a separate process fetches it, checks its type and passes
 * on only the right one. With another it may block at its end. It then holds nothing, neither a
 * lock nor a standard stream, and is left alone until the container's server ends.
 */
#include "channel/fetch.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/procfs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FETCHED = 1, /* type of the message */
	ANSWER_MS = 10000,
	END_MS = 200, /* for a process that has answered */
};

static bool is_datagrams(int fd)
{
	int domain, type;
	socklen_t n = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_DGRAM;
}

/*
 * Compares the kernel's name for the descriptor. The name of a file in a file system begins with a
 * slash.
 */
bool fetch_is_listener(int proc, int fd)
{
	static const char name[] = "anon_inode:seccomp notify";
	char target[sizeof(name)];
	ssize_t n = readlinkat(proc, arena_printf("self/fd/%d", fd), target, sizeof(target));

	return n == (ssize_t)strlen(name) && memcmp(target, name, strlen(name)) == 0;
}

no_return static void fetcher_run(int sock, int pidfd, int number, enum fetch_kind kind)
{
	const int keep[] = { sock, pidfd };

	/* also 0 to 2: a reader that waits for their end must not wait for this process */
	if (fd_close_others_from(0, keep, ARRAY_LEN(keep)) < 0)
		_exit(1);
	int proc = kind == FETCH_LISTENER ? procfs_open() : -1;
	int fd = sys_pidfd_getfd(pidfd, number);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0 && !(kind == FETCH_LISTENER ? fetch_is_listener(proc, fd) : is_datagrams(fd)))
		error = EBADF;
	(void)!msg_send(sock, FETCHED, -error, NULL, &fd, error ? 0 : 1);
	_exit(0);
}

static int await(int sock, pid_t fetcher)
{
	struct msg m;
	int r = fd_wait(sock, POLLIN, ANSWER_MS);

	if (r <= 0)
		return r < 0 ? r : -ETIMEDOUT;
	r = msg_recv_fd(sock, fetcher, &m);
	if (r <= 0)
		return r < 0 ? r : -ESRCH;
	return m.code < 0 ? m.code : m.fd < 0 ? -EBADF : m.fd;
}

int fetch_descriptor(int pidfd, int number, enum fetch_kind kind)
{
	autofd fetcher = -1;
	struct clone_args args = { .exit_signal = SIGCHLD,
				   .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&fetcher };
	siginfo_t how;
	int pair[2], r = msg_pair(pair);

	if (r < 0)
		return r;
	autofd ours = pair[0], theirs = pair[1];
	pid_t pid = sys_clone3(&args);

	if (pid < 0)
		return -errno;
	if (pid == 0)
		fetcher_run(theirs, pidfd, number, kind);
	fd_close(&theirs);
	r = await(ours, pid);
	(void)sys_pidfd_send_signal(fetcher, SIGKILL);
	if (fd_wait(fetcher, POLLIN, END_MS) > 0)
		(void)waitid(P_PIDFD, (id_t)fetcher, &how, WEXITED | WNOHANG);
	return r;
}
