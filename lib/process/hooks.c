/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs OCI hooks. What must hold:
 *
 * - A hook gets the environment of its configuration, or else the one of the context. It never gets
 *   another (CVE-2024-0132, CVE-2025-23266: hooks that honoured the image's LD_PRELOAD).
 * - It has the descriptors 0 to 2 and no other, and a working directory that was opened before.
 * - Whatever it does (hang, write without end, fork twice, never read), we continue when it ends or
 *   at its deadline.
 *
 * The output of a hook is captured and not passed on. Our own standard output is the container's,
 * and an engine reads it only after we have ended, so much output would block both. The end of the
 * output is part of the error message if the hook fails.
 */
#include "process/hooks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "base/log.h"
#include "base/sys.h"
#include "channel/child.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TAIL_MAX = 512,
	DEATH_MS = 5000,
	REAP_MS = 1000, /* for processes that were killed with a hook */
};

/* Shared memory between the runtime and the process of the hook until that calls execve(2). */
struct hook_page {
	int32_t error; /* errno of what failed in or before execve(2); 0: nothing failed */
	bool executed; /* execve(2) was reached */
};

struct hook_run {
	const struct plan_hook *hook;
	volatile struct hook_page *page;
	int output; /* read end of the pipe for its standard output and error */
	pid_t pid;
	int pidfd;
	char tail[TAIL_MAX];
	size_t tail_len;
	bool timed_out;
};

no_return static void hook_failed(volatile struct hook_page *page)
{
	page->error = errno;
	_exit(1);
}

no_return static void hook_exec(const struct hook_run *run, pid_t parent, int input, int output,
				const struct hook_context *context)
{
	const struct plan_hook *hook = run->hook;
	char *const name[] = { (char *)(uintptr_t)hook->path, NULL };

	/* A hook ends if the runtime is killed. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent)
		hook_failed(run->page);
	setpgid(0, 0);
	if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		hook_failed(run->page);
	if (context->cwd >= 0 && fchdir(context->cwd) < 0)
		hook_failed(run->page);
	int r = sys_reset_signals(0);

	if (r < 0) {
		errno = -r;
		hook_failed(run->page);
	}
	if (context->become) {
		context->become(hook, context->ctx);
		hook_failed(run->page);
	}
	if (sys_close_range(3, ~0U, 0) < 0)
		hook_failed(run->page);
	run->page->executed = true;
	execve(hook->path, hook->argv ? hook->argv : name, hook->envp ? hook->envp : context->envp);
	hook_failed(run->page);
}

static int hook_spawn(struct hook_run *run, const struct hook_context *context)
{
	/* a file, so that nobody waits for a hook that does not read it */
	autofd input = io_make_memory("state", context->state, strlen(context->state));
	int ends[2];

	if (input < 0)
		return fail(-input, "%s: write the state for its standard input", run->hook->place);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(errno, "%s: make the pipe for its output", run->hook->place);
	autofd write_end = ends[1];
	struct clone_args args = { .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&run->pidfd,
				   .exit_signal = SIGCHLD };
	pid_t parent = getpid();

	run->output = ends[0];
	run->pid = sys_clone3(&args);
	if (run->pid < 0)
		return fail(errno, "%s: start a process", run->hook->place);
	if (run->pid == 0)
		hook_exec(run, parent, input, write_end, context);
	return 0;
}

/*
 * Reads what is in the pipe and keeps the end of it. The number of reads is limited, because a
 * background process could write without end. Returns false if the pipe has no writer any more.
 */
static bool drain(struct hook_run *run)
{
	char buf[4096];

	for (int i = 0; i < 64; i++) {
		ssize_t n = read(run->output, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (n == 0)
			return false;
		size_t fresh = (size_t)n < TAIL_MAX ? (size_t)n : TAIL_MAX;
		size_t old = run->tail_len < TAIL_MAX - fresh ? run->tail_len : TAIL_MAX - fresh;

		memmove(run->tail, run->tail + run->tail_len - old, old);
		memcpy(run->tail + old, buf + n - fresh, fresh);
		run->tail_len = old + fresh;
	}
	return true;
}

/*
 * Waits until the hook's own process ends. Background processes that it left are not waited for,
 * even if they hold the pipe open.
 */
static void hook_watch(struct hook_run *run)
{
	int64_t deadline = sys_now_ms() + (int64_t)run->hook->timeout * 1000;
	struct pollfd fds[2] = { { .fd = run->pidfd, .events = POLLIN },
				 { .fd = run->output, .events = POLLIN } };

	fcntl(run->output, F_SETFL, O_NONBLOCK);
	for (;;) {
		int64_t left = run->hook->timeout ? deadline - sys_now_ms() : -1;

		if (run->hook->timeout && left <= 0) {
			run->timed_out = true;
			break;
		}
		int r = poll(fds, 2, left > 60000 ? 60000 : (int)left);

		if (r < 0 && errno != EINTR)
			break;
		if (r > 0 && fds[1].revents && !drain(run))
			fds[1].fd = -1;
		if (r > 0 && fds[0].revents)
			break;
	}
	/* an interrupt ended only the process itself; there may be more in its group */
	if (run->timed_out || interrupt_is_due()) {
		kill(-run->pid, SIGKILL);
		/* in case it has not called setpgid(2) yet */
		(void)sys_pidfd_send_signal(run->pidfd, SIGKILL);
	}
}

/* The end of the output as one line. */
static const char *tail_text(struct hook_run *run)
{
	char *s = arena_memdup(run->tail, run->tail_len);
	size_t n = run->tail_len;

	while (n && ((unsigned char)s[n - 1] <= ' '))
		n--;
	s[n] = 0;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			s[i] = ' ';
	return n ? arena_printf(": %s", s) : "";
}

static int hook_verdict(struct hook_run *run, const siginfo_t *how)
{
	const char *place = run->hook->place, *path = run->hook->path;

	if (run->timed_out)
		return fail(0, "%s %s: did not end within %u s%s", place, path, run->hook->timeout,
			    tail_text(run));
	if (run->page->error && run->page->executed)
		return fail(run->page->error, "%s %s: cannot be executed", place, path);
	if (run->page->error)
		return fail(run->page->error, "%s %s: cannot be started", place, path);
	if (how->si_code != CLD_EXITED)
		return fail(0, "%s %s: killed by signal %d%s", place, path, how->si_status,
			    tail_text(run));
	if (how->si_status != 0)
		return fail(0, "%s %s: exited with %d%s", place, path, how->si_status,
			    tail_text(run));
	return 0;
}

static int hook_run_one(struct hook_run *run, const struct hook_context *context)
{
	siginfo_t how = { 0 };
	int r = hook_spawn(run, context);

	if (r < 0)
		return r;
	interrupt_watch(INTERRUPT_HOOK, run->pidfd);
	hook_watch(run);
	interrupt_watch(INTERRUPT_HOOK, -1);
	/* it has ended or got SIGKILL, but a process in an uninterruptible wait does not end */
	r = fd_wait(run->pidfd, POLLIN, DEATH_MS);
	if (r == 0)
		return fail(0, "%s %s: is still there %d s after SIGKILL", run->hook->place,
			    run->hook->path, DEATH_MS / 1000);
	if (r < 0 || waitid(P_PIDFD, (id_t)run->pidfd, &how, WEXITED) < 0)
		return fail(errno, "%s: wait for it to end", run->hook->place);
	/*
	 * The process inside the container is a child of the hook's process. It becomes ours if we
	 * are a child subreaper. As a zombie it would keep the init of its PID namespace from
	 * ending, so it is reaped here.
	 */
	if (context->become)
		child_reap(-run->pid, REAP_MS);
	(void)drain(run);
	r = hook_verdict(run, &how);
	log_debug("%s %s%s", run->hook->place, run->hook->path, tail_text(run));
	return r;
}

static int hook_run_with_page(const struct plan_hook *hook, struct hook_page *page,
			      const struct hook_context *context)
{
	struct hook_run run = { .hook = hook, .page = page, .output = -1, .pidfd = -1 };
	const char *earlier = err_message();

	memset(page, 0, sizeof(*page));
	if (context->goes_on)
		err_clear();
	int r = hook_run_one(&run, context);

	fd_close(&run.output);
	fd_close(&run.pidfd);
	if (!context->goes_on)
		return r;
	if (r < 0)
		log_warning("%s", err_message());
	err_restore(earlier);
	return 0;
}

int hooks_run(const struct plan_hooks *hooks, const struct hook_context *context)
{
	int r = 0;

	if (hooks->n == 0)
		return 0;
	/* The caller may have left SIGCHLD ignored. Then children vanish and waitid(2) fails. */
	signal(SIGCHLD, SIG_DFL);
	struct hook_page *page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return fail(errno, "hooks: map shared memory");
	for (size_t i = 0; r == 0 && i < hooks->n; i++)
		r = hook_run_with_page(&hooks->v[i], page, context);
	munmap(page, sizeof(*page));
	return r;
}
