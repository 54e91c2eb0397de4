/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a program that works beside a container is found, executed and ended. What must hold: it
 * gets the descriptors that the caller lists and nothing else of ours: no environment, no terminal,
 * no other descriptor. It is in a session of its own, so that signals of a terminal do not end it.
 * It is never in the container's cgroup or namespaces.
 */
#include "runtime/companion.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXEC_FAILED = 127, BACKLOG = 128 };

int companion_open(const char *option, const char *self, const char *name, const char *installed)
{
	const char *slash = self ? strrchr(self, '/') : NULL;

	if (slash) {
		int fd = open(arena_printf("%.*s/%s", (int)(slash - self), self, name),
			      O_PATH | O_CLOEXEC);

		if (fd >= 0)
			return fd;
	}
	int fd = open(installed, O_PATH | O_CLOEXEC);

	return fd < 0 ? fail(errno,
			     "%s: %s cannot be opened; it is installed with tamis, on Debian by "
			     "the package tamis-seccomp",
			     option, installed)
		      : fd;
}

int companion_socket(int dir, const char *name, int type)
{
	autofd sock = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r = sock < 0 ? -errno : connect_bind_in_dir(dir, name, sock);

	if (r == 0 && listen(sock, BACKLOG) < 0)
		r = -errno;
	return r < 0 ? r : take_fd(&sock);
}

no_return static void execute(int program, const char *const *argv, const int *fds, int n)
{
	char *const env[] = { NULL };
	int *moved = arena_array((size_t)n, sizeof(*moved));

	setsid();
	for (int i = 0; i < n; i++) {
		/* first out of the way, so that none is overwritten before it is used */
		moved[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, n);
		if (moved[i] < 0)
			_exit(EXEC_FAILED);
	}
	autofd image = fcntl(program, F_DUPFD_CLOEXEC, n);

	for (int i = 0; i < n; i++)
		if (dup2(moved[i], i) < 0)
			_exit(EXEC_FAILED);
	if (fd_cloexec_from((unsigned int)n) < 0 || chdir("/") < 0)
		_exit(EXEC_FAILED);
	(void)!sys_reset_signals(0);
	execveat(image, "", (char *const *)(uintptr_t)argv, env, AT_EMPTY_PATH);
	_exit(EXEC_FAILED);
}

int companion_start(int program, const char *const *argv, const int *fds, int n)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&args);

	if (pid < 0)
		return -errno;
	if (pid == 0)
		execute(program, argv, fds, n);
	return pid;
}

void companion_end(const char *name, pid_t pid, uint64_t start, const char *boot_id, int timeout_ms)
{
	siginfo_t how;
	autofd pidfd = identity_open(pid, start, boot_id);

	if (pidfd < 0)
		return;
	if (identity_wait(pidfd, timeout_ms) < 0) {
		log_warning("%s did not end within %d ms and is killed", name, timeout_ms);
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
		(void)!identity_wait(pidfd, timeout_ms);
	}
	/* if it is our own child (run) */
	(void)waitid(P_PIDFD, (id_t)pidfd, &how, WEXITED | WNOHANG);
}
