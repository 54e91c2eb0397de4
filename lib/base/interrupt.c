/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the handler of the signals that interrupt a create. What must hold: a signal between two
 * waits is not lost; it ends the process that is watched next. A descriptor number that was closed
 * and reused causes no harm, because only a pidfd accepts a signal.
 */
#include "base/interrupt.h"

#include "base/err.h"
#include "base/sys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

static volatile sig_atomic_t came, due;
static volatile sig_atomic_t victims[INTERRUPT_VICTIMS] = { -1, -1, -1 };
static volatile sig_atomic_t program = -1; /* hangs up when INTERRUPT_INIT is the user's program */

/* poll(2) is safe in a signal handler (signal-safety(7)). */
static bool is_spared(int victim)
{
	struct pollfd p = { .fd = program };

	return victim == INTERRUPT_INIT && program >= 0 && poll(&p, 1, 0) > 0 &&
	       (p.revents & POLLHUP);
}

static void on_signal(int sig)
{
	int saved = errno;

	came = sig;
	due = 1;
	for (int i = 0; i < INTERRUPT_VICTIMS; i++)
		if (victims[i] >= 0 && !is_spared(i))
			(void)sys_pidfd_send_signal(victims[i], SIGKILL);
	errno = saved;
}

static void both(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGINT);
	sigaddset(ret, SIGTERM);
}

int interrupt_begin(void)
{
	const struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigset_t set;

	both(&set);
	came = due = 0;
	if (sigaction(SIGINT, &act, NULL) < 0 || sigaction(SIGTERM, &act, NULL) < 0 ||
	    sigprocmask(SIG_UNBLOCK, &set, NULL) < 0)
		return fail(errno, "install the handlers of SIGINT and SIGTERM");
	return 0;
}

int interrupt_end(void)
{
	sigset_t set;

	both(&set);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < INTERRUPT_VICTIMS; i++)
		victims[i] = -1;
	return came;
}

int interrupt_report(void)
{
	int sig = interrupt_end();

	if (!sig)
		return 0;
	err_clear(); /* the error is a consequence of the signal */
	return fail(0, "ended by signal %d (%s)", sig, sig == SIGINT ? "SIGINT" : "SIGTERM");
}

void interrupt_default(void)
{
	sigset_t set;

	both(&set);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void interrupt_watch(enum interrupt_victim victim, int pidfd)
{
	victims[victim] = pidfd;
	if (pidfd >= 0 && due)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
}

void interrupt_spare_after(int fd)
{
	program = fd;
}

void interrupt_take(void)
{
	due = 0;
}

bool interrupt_is_due(void)
{
	return due;
}

int interrupt_await(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	sigset_t set, old;
	int r;

	both(&set);
	/* a signal between the check and the wait is not lost */
	if (sigprocmask(SIG_BLOCK, &set, &old) < 0)
		return -errno;
	do
		r = due ? -EINTR : ppoll(&p, 1, NULL, &old) < 0 ? -errno : 0;
	while (r == -EINTR && !due);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}
