/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child process and its end. What must hold: the pid is reported by the kernel, not by the child,
 * and cannot be reused before the child is reaped.
 */
#include "channel/child.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/sys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum { DEATH_MS = 10000 }; /* wait for the end after SIGKILL */

int child_adopt(struct child *child, pid_t pid)
{
	siginfo_t how;

	child->pidfd = sys_pidfd_open(pid, 0);
	if (child->pidfd < 0)
		return fail(errno, "open a pidfd of the container's process");
	if (waitid(P_PIDFD, (id_t)child->pidfd, &how, WEXITED | WNOHANG | WNOWAIT) < 0) {
		fd_close(&child->pidfd);
		return fail(errno, "process %d is not the container's process", pid);
	}
	child->pid = pid;
	interrupt_watch(INTERRUPT_INIT, child->pidfd);
	return 0;
}

void child_reap(pid_t who, int timeout_ms)
{
	const struct timespec limit = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	sigset_t chld, old;
	pid_t pid;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &chld, &old) < 0)
		return;
	while ((pid = waitpid(who, NULL, WNOHANG)) >= 0)
		if (pid == 0 && sigtimedwait(&chld, NULL, &limit) < 0 && errno != EINTR)
			break;
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void child_end(struct child *child)
{
	siginfo_t how;

	if (child->pidfd < 0)
		return;
	interrupt_watch(INTERRUPT_INIT, -1);
	(void)sys_pidfd_send_signal(child->pidfd, SIGKILL);
	if (fd_wait(child->pidfd, POLLIN, DEATH_MS) > 0)
		while (waitid(P_PIDFD, (id_t)child->pidfd, &how, WEXITED | WNOHANG) < 0 &&
		       errno == EINTR)
			;
	fd_close(&child->pidfd);
	child->pid = -1;
}
