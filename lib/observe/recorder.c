/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the process of a recorded command from clone to its end, and the signals in between. What
 * must hold: nothing of the recorder is left in the process, neither descriptors nor a signal mask;
 * and if the recorder dies before the command has begun, the process dies, too.
 *
 * Ctrl-C reaches the whole foreground process group, so the command gets it from the terminal and
 * the recorder only notes it. SIGTERM and SIGHUP are meant for the command and passed on.
 */
#include "observe/recorder.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/sys.h"
#include "seccomp/emit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* 5.19 */
#endif

enum { TICK_MS = 1000 };

/* Shared with the process of the command until it is executed. */
struct recorder_page {
	int listener, filter_error, exec_error;
};

extern char **environ;

/* --- the process -------------------------------------------------------------------------- */

static int load_filter(const struct bpf_program *filter, bool is_privileged)
{
	const unsigned long flags =
		SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	struct sock_fprog program = { filter->len, (struct sock_filter *)(uintptr_t)filter->code };
	int fd;

	if (!is_privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	/* without the flag a call that a signal interrupts is notified again and again */
	fd = sys_seccomp(SECCOMP_SET_MODE_FILTER,
			 (unsigned int)(flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV), &program);
	if (fd < 0 && errno == EINVAL)
		fd = sys_seccomp(SECCOMP_SET_MODE_FILTER, (unsigned int)flags, &program);
	return fd;
}

/* What the recorder shares with the process of a command that it does not filter. */
struct start {
	struct recorder *recorder;
	pid_t self; /* of the recorder */
	int error;
	uint32_t shares; /* 0: the process has executed the command or has ended */
};

/*
 * Without a filter. The process works in the recorder's memory, so that nothing is copied, and the
 * recorder waits until it has executed the command or has ended.
 */
static int join_and_execute(void *arg)
{
	struct start *start = arg;
	struct recorder *r = start->recorder;

	start->error =
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : r->join(r->join_ctx);
	if (start->error < 0 || getppid() != start->self)
		return EXIT_FAILURE;
	sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
	signal(SIGXFSZ, r->old_xfsz);
	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return EXIT_FAILURE;
	execve(r->file, r->argv, environ);
	r->page->exec_error = errno;
	return EXIT_FAILURE;
}

/*
 * With a filter: no system call but those of recorder_start() may be between its load and execve.
 * The descriptors are shared with the recorder, so the listener is there at once.
 */
static no_return void become_command(struct recorder *r, const struct bpf_program *filter,
				     bool is_privileged)
{
	sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
	signal(SIGXFSZ, r->old_xfsz);
	r->page->listener = load_filter(filter, is_privileged);
	r->page->filter_error = r->page->listener < 0 ? errno : 0;
	if (!r->starts_by_exec && write(r->ready[1], r->page, 1) != 1)
		_exit(EXIT_FAILURE);
	if (r->page->filter_error)
		_exit(EXIT_FAILURE);
	execve(r->file, r->argv, environ);
	r->page->exec_error = errno;
	/* the filter may notify exit_group(2), while the recorder waits for the execve */
	if (r->starts_by_exec)
		__builtin_trap();
	_exit(EXIT_FAILURE);
}

int recorder_ready_fd(const struct recorder *r)
{
	return r->ready[1];
}

uint64_t recorder_ready_address(const struct recorder *r)
{
	return (uint64_t)(uintptr_t)r->page;
}

static int take_signals(struct recorder *r)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, &r->old_mask) < 0)
		return fail(errno, "sigprocmask");
	/* a limit on the size of the recording is an error of write(2) */
	r->old_xfsz = signal(SIGXFSZ, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals < 0 ? fail(errno, "descriptors of the recorder") : 0;
}

int recorder_prepare(struct recorder *r)
{
	r->page = mmap(NULL, SYS_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);
	if (r->page == MAP_FAILED)
		return fail(errno, "shared memory");
	int ret = take_signals(r);

	if (ret >= 0 && pipe2(r->ready, O_CLOEXEC) < 0)
		ret = fail(errno, "descriptors of the recorder");
	return ret;
}

static void begin_time(struct recorder *r)
{
	r->start_ms = sys_now_ms();
	r->next_ms = r->start_ms + TICK_MS;
}

int recorder_attend(struct recorder *r)
{
	r->pidfd = -1;
	r->has_ended = true;
	begin_time(r);
	return take_signals(r);
}

static int explain_filter(int error)
{
	if (error == EBUSY)
		return fail(0,
			    "this process is under a filter that notifies an agent already (of a "
			    "container engine, or another recorder), beside which the kernel "
			    "allows no second one; record outside of it, or by --engine perf");
	return fail(error, "the filter of the recorder cannot be loaded");
}

static int await_ready(struct recorder *r)
{
	struct pollfd fds[] = { { r->ready[0], POLLIN, 0 }, { r->pidfd, POLLIN, 0 } };

	while (poll(fds, ARRAY_LEN(fds), -1) < 0)
		if (errno != EINTR)
			return fail(errno, "poll");
	if (r->page->filter_error)
		return explain_filter(r->page->filter_error);
	if (!fds[0].revents)
		return fail(0, "the process of the command was killed");
	return r->page->listener;
}

/*
 * CLONE_VFORK: the call returns when the process has executed the command, or has ended. So its
 * listener is known without a call that the filter would have to allow.
 */
static unsigned long clone_flags(const struct recorder *r)
{
	return SIGCHLD | (unsigned long)CLONE_FILES |
	       (r->starts_by_exec ? (unsigned long)CLONE_VFORK : 0);
}

static int start_filtered(struct recorder *r, const struct bpf_program *filter)
{
	const pid_t self = getpid();
	struct caps caps;
	int ret = caps_get(&caps);

	if (ret < 0)
		return fail(-ret, "own capabilities");
	r->pid = sys_clone(clone_flags(r), NULL);
	if (r->pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != self)
			_exit(EXIT_FAILURE);
		become_command(r, filter, caps.effective >> CAP_SYS_ADMIN & 1);
	}
	return r->pid < 0 ? fail(errno, "clone") : 0;
}

/*
 * CLONE_FILES: descriptors that `join` opens are the recorder's; execve(2) closes the process's.
 * Not CLONE_VFORK: Ctrl-Z would stop the process, but not the recorder, for which the shell waits.
 */
static int start_joined(struct recorder *r)
{
	struct start start = { .recorder = r, .self = getpid(), .shares = 1 };

	r->pid = sys_clone_vm(SIGCHLD | CLONE_FILES, join_and_execute, &start, &start.shares);
	while (r->pid > 0 && __atomic_load_n(&start.shares, __ATOMIC_SEQ_CST))
		(void)!sys_futex_wait(&start.shares, 1);
	return r->pid < 0 ? fail(errno, "clone") : start.error;
}

int recorder_start(struct recorder *r, const struct bpf_program *filter)
{
	int ret = filter ? start_filtered(r, filter) : start_joined(r);

	if (ret < 0)
		return ret;
	r->pidfd = identity_pidfd(r->pid);
	if (r->pidfd < 0)
		return fail(-r->pidfd, "pidfd of the command");
	begin_time(r);
	if (!filter)
		return 0;
	if (!r->starts_by_exec)
		return await_ready(r);
	if (r->page->filter_error)
		return explain_filter(r->page->filter_error);
	return r->page->listener;
}

/* --- until its end ------------------------------------------------------------------------ */

static void note_end(struct recorder *r)
{
	int status;

	if (r->has_ended || waitpid(r->pid, &status, WNOHANG) != r->pid)
		return;
	r->has_ended = true;
	r->run->has_exit = true;
	if (WIFSIGNALED(status))
		r->run->signal = WTERMSIG(status);
	else
		r->run->code = WEXITSTATUS(status);
}

static void pass_signals(struct recorder *r)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == sizeof(info)) {
		int sig = (int)info.ssi_signo;

		if (r->has_ended)
			r->is_due = true;
		/* what a process has sent (si_code <= 0) is not what the terminal sends to all */
		else if (sig == SIGTERM || sig == SIGHUP || info.ssi_code <= 0)
			(void)!sys_pidfd_send_signal(r->pidfd, sig);
	}
}

/* What could not be written, such as on a full disk, is tried again, at the end for the last time.
 */
static void write_news(struct recorder *r)
{
	struct arena_mark mark = arena_mark();

	if (recording_write_news(r->writer, false) < 0)
		err_clear();
	arena_release(mark, NULL, 0);
}

static void tick(struct recorder *r)
{
	int64_t now = sys_now_ms();

	if (now < r->next_ms)
		return;
	r->next_ms = now + TICK_MS;
	if (r->writer)
		write_news(r);
	if (r->progress)
		r->progress(r);
}

int recorder_wait(struct recorder *r, struct pollfd *fds, size_t n, int timeout_ms)
{
	int64_t left = r->next_ms - sys_now_ms();
	int ret;

	fds[n] = (struct pollfd){ r->signals, POLLIN, 0 };
	fds[n + 1] = (struct pollfd){ r->has_ended ? -1 : r->pidfd, POLLIN, 0 };
	if (left < 0)
		left = 0;
	if (timeout_ms < 0 || timeout_ms > left)
		timeout_ms = (int)left;
	ret = poll(fds, (nfds_t)n + 2, timeout_ms);
	if (ret < 0 && errno != EINTR)
		return fail(errno, "poll");
	if (ret < 0)
		for (size_t i = 0; i < n + 2; i++)
			fds[i].revents = 0;
	if (fds[n + 1].revents)
		note_end(r);
	if (fds[n].revents)
		pass_signals(r);
	tick(r);
	return 0;
}

void recorder_abandon(struct recorder *r)
{
	if (r->pid > 0 && !r->has_ended) {
		(void)!kill(r->pid, SIGKILL); /* a child that was not reaped */
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		r->has_ended = true;
	}
}

int recorder_finish(struct recorder *r)
{
	r->exec_error = r->page->exec_error;
	sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
	return r->exec_error ? fail(r->exec_error, "%s: cannot be executed", r->file) : 0;
}
