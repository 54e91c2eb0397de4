/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of installed filters. What must hold: whatever happens, the process goes on as
 * if nobody had looked. So it is never attached with PTRACE_O_EXITKILL or PTRACE_ATTACH, which
 * sends SIGSTOP, and each thread is released before the next one is stopped.
 */
#include "observe/filters.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/num.h"
#include "base/printable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

enum {
	STOP_TIMEOUT_MS = 5000,
	STATUS_MAX = 64 << 10,
	NAME_COLUMNS = 64,
	FILTERS_MAX = 4096, /* the kernel takes less: all filters have at most 32768 instructions */
	THREADS_MAX = 100000, /* more than threads-max of most hosts */
};

/* What /proc/TID/status says. */
struct status {
	const char *program;
	char state;
	pid_t process, tracer;
	unsigned int mode;
};

/* The value of a field of /proc/PID/status, or "". */
static const char *status_word(const char *text, const char *key)
{
	const char *word = identity_status_field(text, key);

	return word ? word : "";
}

static uint32_t status_number(const char *text, const char *key)
{
	uint32_t ret;

	return num_parse_u32(status_word(text, key), &ret) < 0 ? 0 : ret;
}

/* The name that a process has given itself, in which the kernel has escaped some characters. */
static const char *program_of(const char *status)
{
	const char *name = status_word(status, "Name");

	return printable_again(name, strlen(name), NAME_COLUMNS);
}

static int status_read(pid_t tid, struct status *ret)
{
	struct text text;
	int r = io_read_file(AT_FDCWD, arena_printf("/proc/%d/status", tid), STATUS_MAX, &text);

	*ret = (struct status){ .program = "" };
	if (r == -ENOENT || r == -ESRCH)
		return fail(0, "there is no process %d", tid);
	if (r < 0)
		return fail(-r, "process %d: its status cannot be read", tid);
	*ret = (struct status){ .program = program_of(text.data),
				.state = *status_word(text.data, "State"),
				.process = (pid_t)status_number(text.data, "Tgid"),
				.tracer = (pid_t)status_number(text.data, "TracerPid"),
				.mode = status_number(text.data, "Seccomp") };
	return ret->state == 'Z' || ret->state == 'X' ? fail(0, "process %d has ended", tid) : 0;
}

/* --- one thread --------------------------------------------------------------------------- */

/* What the kernel requires of us; it would only say EACCES, after the thread was stopped. */
static int check_self(void)
{
	struct caps caps;
	int r = caps_get(&caps);

	if (r < 0)
		return fail(-r, "own capabilities");
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0)
		return fail(0,
			    "tamis is itself under a seccomp filter, so that the kernel shows it "
			    "those of no process; run it outside of the container");
	if (!(caps.effective >> CAP_SYS_ADMIN & 1) || !(caps.effective >> CAP_SYS_PTRACE & 1))
		return fail(0, "reading the filters of a process needs CAP_SYS_ADMIN and "
			       "CAP_SYS_PTRACE; run it as root");
	return 0;
}

static int explain_seize(pid_t tid, int error)
{
	struct status status;

	if (error == ESRCH)
		return fail(0, "process %d has ended", tid);
	if (status_read(tid, &status) < 0)
		return -EINVAL;
	if (status.tracer)
		return fail(0,
			    "process %d is traced by process %d (a debugger or strace); end that "
			    "first",
			    tid, status.tracer);
	return fail(error,
		    "process %d cannot be stopped: a thread of the kernel, this program itself, or "
		    "a security module forbids it",
		    tid);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits until the thread has stopped. *ret_signal: what it was about to get; 0: nothing. */
static int await_stop(pid_t tid, int *ret_signal)
{
	const int64_t end = now_ms() + STOP_TIMEOUT_MS;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		int status;
		pid_t got = waitpid(tid, &status, WNOHANG | __WALL);
		int64_t left = end - now_ms();
		const struct timespec t = { left / 1000, left % 1000 * 1000000 };

		if (got < 0 || (got == tid && !WIFSTOPPED(status)))
			return fail(0, "process %d has ended", tid);
		if (got == tid) {
			*ret_signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
			return 0;
		}
		if (left <= 0)
			return fail(0,
				    "process %d does not stop within %d s: it is frozen, or waits "
				    "in the kernel for a device",
				    tid, STOP_TIMEOUT_MS / 1000);
		(void)!sigtimedwait(&child, NULL, &t);
	}
}

static int explain_read(pid_t tid, int error)
{
	switch (error) {
	case EACCES:
		return fail(0,
			    "process %d: the kernel shows filters only to a process with "
			    "CAP_SYS_ADMIN in the initial user namespace",
			    tid);
	case EINVAL:
	case EIO:
		return fail(0,
			    "process %d: this kernel shows no filters; expected one that was "
			    "built with CONFIG_CHECKPOINT_RESTORE",
			    tid);
	case EMEDIUMTYPE:
		return fail(0, "process %d: the kernel has not kept the instructions of a filter",
			    tid);
	default:
		return fail(error, "process %d: its filters cannot be read", tid);
	}
}

/* C libraries name it differently. */
struct metadata {
	uint64_t filter_off, flags;
};

static bool reads_log(pid_t tid, size_t index)
{
	struct metadata data = { .filter_off = index };

	return ptrace(PTRACE_SECCOMP_GET_METADATA, tid, sizeof(data), &data) >= 0 &&
	       data.flags & SECCOMP_FILTER_FLAG_LOG;
}

/* How many instructions a filter has. The kernel counts from the oldest. -errno: it shows none. */
static long read_length(pid_t tid, size_t index)
{
	long len = ptrace(PTRACE_SECCOMP_GET_FILTER, tid, index, NULL);

	return len < 0 ? -errno : len;
}

static int read_chain(pid_t tid, struct filters *ret)
{
	size_t n = 0;
	long len;

	while ((len = read_length(tid, n)) >= 0)
		n++;
	if (len != -ENOENT)
		return explain_read(tid, (int)-len);

	struct bpf_program *v = arena_array(n, sizeof(*v));
	bool *logs = arena_array(n, sizeof(*logs));

	for (size_t i = 0; i < n; i++) {
		size_t newest_first = n - 1 - i;
		struct sock_filter *code;

		len = read_length(tid, i);
		if (len < 0)
			return explain_read(tid, (int)-len);
		code = arena_array((size_t)len, sizeof(*code));
		if (ptrace(PTRACE_SECCOMP_GET_FILTER, tid, i, code) != len)
			return explain_read(tid, errno);
		v[newest_first] = (struct bpf_program){ code, (uint16_t)len };
		logs[newest_first] = reads_log(tid, i);
	}
	ret->n = n;
	ret->v = v;
	ret->logs = logs;
	return 0;
}

/* Whether the process that was attached is the one that the caller means. */
static int check_pidfd(pid_t tid, int pidfd)
{
	if (pidfd < 0 || identity_wait(pidfd, 0) == -ETIMEDOUT)
		return 0;
	return fail(0, "process %d has ended", tid);
}

static int read_thread(pid_t tid, int pidfd, struct filters *ret)
{
	struct status status;
	int signal = 0, r = status_read(tid, &status);

	*ret = (struct filters){ .program = "" };
	if (r < 0)
		return r;
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return explain_seize(tid, errno);
	r = ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0 ? fail(errno, "process %d", tid)
							  : await_stop(tid, &signal);
	if (r < 0)
		return r; /* it is released when we end, which the caller does */
	r = check_pidfd(tid, pidfd);
	if (r >= 0)
		r = status_read(tid, &status);
	*ret = (struct filters){ .program = status.program, .mode = status.mode };
	if (r >= 0 && status.mode == SECCOMP_MODE_FILTER)
		r = read_chain(tid, ret);
	(void)!ptrace(PTRACE_DETACH, tid, NULL, (uintptr_t)signal); /* fails only if it has ended */
	return r;
}

/* --- all threads -------------------------------------------------------------------------- */

static bool same_filters(const struct filters *a, const struct filters *b)
{
	bool same = a->mode == b->mode && a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = a->v[i].len == b->v[i].len &&
		       memcmp(a->v[i].code, b->v[i].code, a->v[i].len * sizeof(*a->v[i].code)) == 0;
	return same;
}

static int compare_thread(pid_t tid, struct filters *all, pid_t *different)
{
	struct arena_mark mark = arena_mark();
	struct status status;
	struct filters one;
	int r = read_thread(tid, -1, &one);

	if (r < 0 && status_read(tid, &status) < 0) { /* it has ended in the meantime */
		err_clear();
		return 0;
	}
	if (r < 0)
		return r;
	all->n_threads++;
	if (!same_filters(all, &one))
		different[all->n_different++] = tid;
	arena_release(mark, NULL, 0);
	return 0;
}

static int compare_threads(pid_t process, struct filters *ret)
{
	DIR *dir = opendir(arena_printf("/proc/%d/task", process));
	pid_t *threads = arena_array(THREADS_MAX, sizeof(*threads)), *different;
	size_t n = 0;
	int r = 0;

	if (!dir)
		return fail(0, "process %d has ended", process);
	for (const struct dirent *e; n < THREADS_MAX && (e = readdir(dir));) {
		uint32_t tid;

		if (num_parse_u32(e->d_name, &tid) >= 0 && (pid_t)tid != process)
			threads[n++] = (pid_t)tid;
	}
	closedir(dir);
	different = arena_array(n, sizeof(*different));
	for (size_t i = 0; i < n && r >= 0; i++)
		r = compare_thread(threads[i], ret, different);
	ret->different = different;
	return r;
}

int filters_read(pid_t tid, int pidfd, struct filters *ret)
{
	struct sigaction old_action, by_default = { .sa_handler = SIG_DFL };
	sigset_t old_mask, child;
	struct status status;
	int r = check_self();

	if (r >= 0)
		r = status_read(tid, &status);
	if (r < 0)
		return r;
	/* the signal is sent unless it is ignored, and waited for while it is blocked */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &old_mask);
	sigaction(SIGCHLD, &by_default, &old_action);
	r = read_thread(tid, pidfd, ret);
	ret->n_threads = 1;
	if (r >= 0 && status.process == tid)
		r = compare_threads(tid, ret);
	sigaction(SIGCHLD, &old_action, NULL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
	return r;
}
