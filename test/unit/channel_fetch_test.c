/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies descriptors from a process that may have any file: one of the right type is copied, others
 * are not. If the file belongs to a FUSE server whose close never returns, the runtime does not
 * hang.
 */
#include "channel/fetch.h"

#include "base/base.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "unit/fuse_file.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVED = 50, DATAGRAMS, STREAM, PIPE, LISTENER, NOTHING };

static int make_listener(void)
{
	static struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { ARRAY_LEN(allow), allow };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
}

/* The process from which descriptors are copied. */
no_return static void hold(const char *path, int ready)
{
	int stream[2], fds[2];
	pid_t server;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int served = fuse_open(path, &server);

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, stream) < 0 || pipe(fds) < 0 ||
	    (served >= 0 && dup2(served, SERVED) < 0) || dup2(stream[0], STREAM) < 0 ||
	    dup2(fds[0], PIPE) < 0 || dup2(socket(AF_UNIX, SOCK_DGRAM, 0), DATAGRAMS) < 0 ||
	    dup2(make_listener(), LISTENER) < 0 ||
	    write(ready, &server, sizeof(server)) != sizeof(server))
		_exit(1);
	for (;;)
		pause();
}

static void test_kinds(int pidfd)
{
	static const struct {
		int number, listener, datagrams; /* 0 or the error */
	} all[] = { { DATAGRAMS, -EBADF, 0 },
		    { STREAM, -EBADF, -EBADF },
		    { PIPE, -EBADF, -EBADF },
		    { LISTENER, 0, -EBADF },
		    { NOTHING, -EBADF, -EBADF } };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		autofd a = fetch_descriptor(pidfd, all[i].number, FETCH_LISTENER);
		autofd b = fetch_descriptor(pidfd, all[i].number, FETCH_DATAGRAMS);

		is_int(a < 0 ? a : 0, all[i].listener, "%d as a listener", all[i].number);
		is_int(b < 0 ? b : 0, all[i].datagrams, "%d as a socket", all[i].number);
	}
}

static void test_served(int pidfd)
{
	pid_t naive = fork();

	if (naive == 0) {
		close(sys_pidfd_getfd(pidfd, SERVED));
		_exit(0);
	}
	autofd end = sys_pidfd_open(naive, 0);

	ok(fd_wait(end, POLLIN, 500) == 0, "a process that copies and closes it hangs");
	is_int(fetch_descriptor(pidfd, SERVED, FETCH_DATAGRAMS), -EBADF, "no socket");
	is_int(fetch_descriptor(pidfd, SERVED, FETCH_LISTENER), -EBADF, "no listener");
}

/* A file that comes with a message is not trusted either. */
static void test_message(int pidfd)
{
	struct msg m;
	int pair[2];

	ok(msg_pair(pair) == 0, "socketpair");
	pid_t sender = fork();

	if (sender == 0) {
		int fd = sys_pidfd_getfd(pidfd, SERVED);

		(void)!msg_send(pair[1], 7, 0, "text", &fd, 1);
		(void)!msg_send(pair[1], 8, 0, "text", &fd, 1);
		for (;;)
			pause();
	}
	ok(msg_recv(pair[0], &m) == 1 && m.type == 7 && m.fd < 0 && m.pid == sender,
	   "without its descriptor");
	ok(msg_recv_fd(pair[0], getpid(), &m) == 1 && m.type == 8 && m.fd < 0,
	   "a message of an unexpected sender is dropped");
	kill(sender, SIGKILL);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	char path[] = "/tmp/fetch.XXXXXX";
	autofd file = mkstemp(path);
	pid_t server = -1;
	int ready[2];

	if (file < 0 || pipe2(ready, O_CLOEXEC) < 0)
		return 1;
	pid_t holder = fork();

	if (holder == 0)
		hold(path, ready[1]);
	close(ready[1]);
	ssize_t n = read(ready[0], &server, sizeof(server));

	unlink(path);
	if (n != sizeof(server)) {
		skip("this kernel has no seccomp listener");
		return done();
	}
	autofd pidfd = sys_pidfd_open(holder, 0);

	test_kinds(pidfd);
	if (server < 0) {
		skip("no FUSE here");
	} else {
		test_served(pidfd);
		test_message(pidfd);
		kill(server, SIGKILL); /* before the processes that wait for it */
	}
	kill(holder, SIGKILL);
	return done();
}
