/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the processes of a trial. Between the caller and the command stands a process of our own
 * which is the subreaper of all that the command starts (prctl(2), PR_SET_CHILD_SUBREAPER): what
 * loses its parent becomes its child. So the trial has ended when that process has no child left.
 * It kills its children only, which it has not reaped, so that none of their numbers can belong to
 * another process. If the caller dies it ends the trial, too.
 */
#include "observe/trial.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	END_MS = 10000,	   /* for the end of what was killed */
	ROUND_MS = 20,	   /* between two looks for further processes */
	STAT_BYTES = 4096, /* of /proc/PID/stat */
	STAT_PPID = 4,
};

extern char **environ;

/* Shared by the three processes. */
struct page {
	bool has_result; /* the command has ended or was late */
	bool is_ended;	 /* no process of the trial is left */
	int exec_error, filter_error;
	struct trial_result result;
};

bool trial_has_passed(const struct trial_result *result)
{
	return result->end == TRIAL_EXIT && result->code == 0;
}

/* --- the command -------------------------------------------------------------------------- */

static int load_filter(const struct bpf_program *filter)
{
	struct sock_fprog program = { filter->len, (struct sock_filter *)(uintptr_t)filter->code };
	struct caps caps;
	int r = caps_get(&caps);

	if (r < 0)
		return -r;
	if (!(caps.effective >> CAP_SYS_ADMIN & 1) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) < 0
		       ? errno
		       : 0;
}

static no_return void become_command(const struct trial *t, const sigset_t *mask, pid_t parent,
				     struct page *page)
{
	int last = t->keeps_error ? STDOUT_FILENO : STDERR_FILENO;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent || setsid() < 0 ||
	    fd_null_standard(last) < 0 || sigprocmask(SIG_SETMASK, mask, NULL) < 0)
		page->filter_error = errno ? errno : ESRCH;
	else
		page->filter_error = load_filter(t->filter);
	if (page->filter_error)
		_exit(EXIT_FAILURE);
	execve(t->file, t->argv, environ);
	page->exec_error = errno;
	_exit(EXIT_FAILURE); /* if the filter denies that, the process crashes */
}

/* --- what is left of it ------------------------------------------------------------------- */

static bool is_child(const char *name, pid_t self)
{
	const char *field, *end;
	struct text text;
	uint64_t parent;

	if (io_read_file(AT_FDCWD, arena_printf("/proc/%s/stat", name), STAT_BYTES, &text) < 0)
		return false;
	field = identity_stat_field(text.data, STAT_PPID);
	return field && num_scan_u64(field, &end, &parent) >= 0 && parent == (uint64_t)self;
}

static void kill_children(void)
{
	const pid_t self = getpid();
	const struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir))) {
		struct arena_mark mark = arena_mark();
		uint64_t pid;

		if (num_parse_u64(entry->d_name, &pid) == 0 && is_child(entry->d_name, self))
			(void)!kill((pid_t)pid, SIGKILL); /* not reaped: the number is its own */
		(void)arena_release(mark, NULL, 0);
	}
	if (dir)
		closedir(dir);
}

/* Reaps who has ended; *ret_status gets the status of `command`. False: no child is left. */
static bool reap(pid_t command, bool *ret_ended, int *ret_status)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == command) {
			*ret_ended = true;
			*ret_status = status;
		}
	return pid == 0;
}

/* Kills all children, then those that become children by that, until there is none. */
static bool end_all(int signals)
{
	const int64_t deadline = sys_now_ms() + END_MS;
	struct signalfd_siginfo info;
	bool ended;
	int status;

	while (reap(-1, &ended, &status)) {
		if (sys_now_ms() > deadline)
			return false;
		kill_children();
		(void)!fd_wait(signals, POLLIN, ROUND_MS);
		while (read(signals, &info, sizeof(info)) > 0)
			continue;
	}
	return true;
}

/* --- the process in between --------------------------------------------------------------- */

static int block_signals(int n, const int *signals, sigset_t *ret_old)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < n; i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, ret_old) < 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void note_result(struct page *page, int status, int64_t ms)
{
	struct trial_result *result = &page->result;

	*result = (struct trial_result){ .end = TRIAL_EXIT, .code = WEXITSTATUS(status), .ms = ms };
	if (page->exec_error) {
		result->end = TRIAL_NOT_EXECUTED;
		result->code = page->exec_error;
	} else if (WIFSIGNALED(status)) {
		result->end = TRIAL_SIGNAL;
		result->code = WTERMSIG(status);
	}
	page->has_result = true;
}

/* Until the command has ended, its time is over, or SIGTERM arrives. */
static void await_command(const struct trial *t, pid_t pid, int signals, struct page *page)
{
	const int64_t start = sys_now_ms();
	struct signalfd_siginfo info;
	bool ended = false;
	int status = 0;

	for (;;) {
		int64_t passed = sys_now_ms() - start;
		int left = t->timeout_ms ? (int)(t->timeout_ms - passed) : -1;

		(void)reap(pid, &ended, &status);
		if (ended) {
			note_result(page, status, passed);
			return;
		}
		if (t->timeout_ms && left <= 0) {
			page->result = (struct trial_result){ .end = TRIAL_TIMEOUT, .ms = passed };
			page->has_result = true;
			return;
		}
		(void)!fd_wait(signals, POLLIN, left);
		while (read(signals, &info, sizeof(info)) > 0)
			if (info.ssi_signo == SIGTERM)
				return;
	}
}

static no_return void supervise(const struct trial *t, const sigset_t *mask, pid_t parent,
				struct page *page)
{
	static const int signals[] = { SIGCHLD, SIGTERM };
	const pid_t self = getpid();
	sigset_t old;
	int fd;
	pid_t pid;

	signal(SIGCHLD, SIG_DFL);
	fd = block_signals(ARRAY_LEN(signals), signals, &old);
	if (fd < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) < 0 || getppid() != parent ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 || setsid() < 0)
		_exit(EXIT_FAILURE);
	pid = fork();
	if (pid == 0)
		become_command(t, mask, self, page);
	if (pid > 0)
		await_command(t, pid, fd, page);
	page->is_ended = end_all(fd);
	_exit(EXIT_SUCCESS);
}

/* --- the caller --------------------------------------------------------------------------- */

/* Waits for the process in between, which ends in time. A signal is passed on as SIGTERM. */
static int await_supervisor(pid_t pid, int pidfd, int signals, bool *ret_interrupted)
{
	struct signalfd_siginfo info;

	for (;;) {
		struct pollfd fds[] = { { pidfd, POLLIN, 0 }, { signals, POLLIN, 0 } };

		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return fail(errno, "poll");
		while (read(signals, &info, sizeof(info)) == sizeof(info)) {
			*ret_interrupted = true;
			(void)!sys_pidfd_send_signal(pidfd, SIGTERM);
		}
		if (fds[0].revents)
			break;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return 0;
}

static int explain(const struct page *page, bool interrupted)
{
	if (!page->is_ended)
		return fail(0, "processes that the command has started cannot be ended");
	if (page->filter_error)
		return fail(page->filter_error, "the filter cannot be loaded");
	if (interrupted) {
		fail_note(0, "interrupted");
		return -EINTR;
	}
	return page->has_result ? 0 : fail(0, "the process that watches the command was killed");
}

static int run(const struct trial *t, const sigset_t *mask, int signals, struct page *page)
{
	const pid_t self = getpid(), pid = fork();
	bool interrupted = false;
	int r;

	if (pid < 0)
		return fail(errno, "fork");
	if (pid == 0)
		supervise(t, mask, self, page);
	autofd pidfd = identity_pidfd(pid);

	r = pidfd < 0 ? fail(-pidfd, "pidfd of a child") : 0;
	if (r >= 0)
		r = await_supervisor(pid, pidfd, signals, &interrupted);
	return r < 0 ? r : explain(page, interrupted);
}

int trial_run(const struct trial *t, struct trial_result *ret)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t old;
	autofd signals = block_signals(ARRAY_LEN(caught), caught, &old);
	struct page *page;
	int r;

	if (signals < 0)
		return fail(errno, "signalfd");
	page = mmap(NULL, SYS_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		    0);
	if (page == MAP_FAILED)
		return fail(errno, "shared memory");
	r = run(t, &old, signals, page);
	*ret = page->result;
	munmap(page, SYS_PAGE_BYTES);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}
