/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the answers that need ptrace(2). What must hold: the call is not carried out, whatever
 * fails, and no thread goes on with what was changed in it for the answer. If this process ends
 * before the first change, the kernel answers the repeated call with ENOSYS, because the listener
 * is closed; afterwards the kernel kills the process (PTRACE_O_EXITKILL).
 */
#include "observe/penalty.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"
#include "channel/procfs.h"
#include "observe/listener.h"
#include "observe/registers.h"
#include "seccomp/notifying.h"

#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of SIGSYS */
#endif

#ifndef PTRACE_GET_SYSCALL_INFO
#define PTRACE_GET_SYSCALL_INFO 0x420e /* the C library may be older than Linux 5.3 */
#endif

enum {
	WAIT_MS = 2000, /* for a stop; half as long after each thread that did not stop in time */
	WAIT_LEAST_MS = 50,
	WAIT_FORGIVE_MS = 60 * 1000, /* without such a thread: WAIT_MS again */
	END_MS = 20,		     /* for the end of a thread after SIGKILL */
	SIGNALS_MAX = 64,
	LEFT_MAX = 64,
	SYSCALL_STOP = 0x80, /* of PTRACE_O_TRACESYSGOOD */
	SYSCALL_INFO_ENTRY = 1,
};

/* struct ptrace_syscall_info, whose header conflicts with that of the C library. */
struct syscall_entry {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t ip, sp, nr, args[6];
};

struct penalised {
	struct listener *listener;
	int fd, proc, process;
	bool is_held; /* traced by us, and known to be the thread that made the call */
	pid_t tid;
	struct seccomp_data call;
	uint64_t id;
	uint32_t answer;
};

/* --- the thread --------------------------------------------------------------------------- */

enum state { RUNNING, STOPPED, ENDED };

/* Takes an event of a traced thread, without waiting. Whether there was one. */
static bool take_event(pid_t tid, int options, siginfo_t *ret)
{
	*ret = (siginfo_t){ 0 };
	return waitid(P_PID, (id_t)tid, ret, options | WNOHANG | __WALL) == 0 && ret->si_pid == tid;
}

/*
 * waitid(2) also tells, and takes, a stop of a traced thread if it is asked for an end only
 * (wait_task_stopped() of the kernel). So the event is looked at before it is taken.
 */
static enum state state_of(pid_t tid)
{
	siginfo_t how;

	errno = 0;
	if (!take_event(tid, WSTOPPED | WEXITED | WNOWAIT, &how))
		return errno == ECHILD ? ENDED : RUNNING;
	return how.si_code == CLD_TRAPPED || how.si_code == CLD_STOPPED ? STOPPED : ENDED;
}

/* Whether the thread has ended and was reaped. */
static bool reap(pid_t tid)
{
	siginfo_t how;

	if (state_of(tid) != ENDED)
		return false;
	(void)take_event(tid, WEXITED, &how);
	return true;
}

/*
 * Waits until the traced thread stops. Returns its status, as of waitpid(2), or -ESRCH if it has
 * ended, or -ETIMEDOUT (a thread in an uninterruptible wait cannot stop). It is not reaped: an
 * execve(2) by another thread of the process waits for that, so that the process can still be
 * killed.
 */
static int await_stop_for(pid_t tid, int timeout_ms)
{
	const struct timespec pause = { .tv_nsec = 200000 };
	int64_t deadline = sys_now_ms() + timeout_ms;
	siginfo_t how;

	for (;;) {
		enum state state = state_of(tid);

		if (state == ENDED)
			return -ESRCH;
		/* SIGKILL may end a stop before it is taken */
		if (state == STOPPED && take_event(tid, WSTOPPED, &how))
			return how.si_status << 8 | 0x7f;
		if (sys_now_ms() >= deadline)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
}

/*
 * A program may make a thread unable to stop again and again: by memory that nobody serves
 * (userfaultfd(2)) in place of the instruction that is to be repeated. Other calls wait meanwhile.
 */
static int await_stop(pid_t tid)
{
	static int wait_ms = WAIT_MS;
	static int64_t failed_at;

	if (wait_ms < WAIT_MS && sys_now_ms() - failed_at > WAIT_FORGIVE_MS)
		wait_ms = WAIT_MS;
	int r = await_stop_for(tid, wait_ms);

	if (r != -ETIMEDOUT)
		return r;
	failed_at = sys_now_ms();
	wait_ms = wait_ms / 2 >= WAIT_LEAST_MS ? wait_ms / 2 : wait_ms;
	return r;
}

/* Whether a set of signals in /proc/PID/status has SIGSYS. */
static bool has_sigsys(const char *status, const char *set)
{
	const char *word = identity_status_field(status, set);
	uint64_t mask;

	return word && num_parse_base(word, 16, &mask) == 0 && mask >> (SIGSYS - 1) & 1;
}

/* Whether the process has a handler of SIGSYS that a signal of the kernel would reach. */
static bool handles_sigsys(const struct penalised *p)
{
	struct text status;

	return procfs_read(p->proc, arena_printf("%d/status", p->tid), &status) >= 0 &&
	       has_sigsys(status.data, "SigCgt") && !has_sigsys(status.data, "SigBlk");
}

/*
 * From now on the process of the thread is killed if ours ends. Otherwise it would go on with all
 * signals blocked, or without the SIGSYS at which it is stopped, as if the call had succeeded.
 */
static int tie(pid_t tid)
{
	const uintptr_t options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;

	return ptrace(PTRACE_SETOPTIONS, tid, NULL, (void *)options) < 0 ? -errno : 0;
}

static int set_blocked(pid_t tid, uint64_t mask)
{
	return ptrace(PTRACE_SETSIGMASK, tid, (void *)sizeof(mask), &mask) < 0 ? -errno : 0;
}

/* --- threads that could not be stopped ------------------------------------------------------ */

/*
 * Threads that are still traced, because they are frozen. Their numbers are not given away before
 * they are reaped here; without that their parents would wait for them for ever.
 */
static pid_t left[LEFT_MAX];
static size_t n_left;

/* Whether a thread has been reaped or is not traced any more. */
static bool is_rid_of(pid_t tid)
{
	int status = 0;
	pid_t r = waitpid(tid, &status, __WALL | WNOHANG);

	if (r == tid && WIFSTOPPED(status)) {
		int signal = status >> 16 ? 0 : WSTOPSIG(status);

		return ptrace(PTRACE_DETACH, tid, NULL, (void *)(uintptr_t)signal) == 0;
	}
	return r == tid || (r < 0 && errno == ECHILD);
}

size_t penalty_tidy(void)
{
	size_t n = 0;

	for (size_t i = 0; i < n_left; i++)
		if (!is_rid_of(left[i]))
			left[n++] = left[i];
	n_left = n;
	return n;
}

static void leave(pid_t tid)
{
	if (n_left < LEFT_MAX)
		left[n_left++] = tid;
}

/*
 * Ends the tracing of a thread, running or stopped. A running thread has to be stopped for that;
 * the signal at which it stops is delivered.
 */
static void let_go(pid_t tid)
{
	if (reap(tid) || ptrace(PTRACE_DETACH, tid, NULL, NULL) == 0 ||
	    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0)
		return;
	int status = await_stop(tid);
	int signal = status < 0 || status >> 16 ? 0 : WSTOPSIG(status);

	if (status == -ETIMEDOUT)
		leave(tid);
	else if (status < 0)
		(void)reap(tid);
	else
		(void)ptrace(PTRACE_DETACH, tid, NULL, (void *)(uintptr_t)signal);
}

/* Ends the process of a traced thread. kill(2) takes the number of any thread. */
static void kill_traced(pid_t tid)
{
	int r;

	(void)kill(tid, SIGKILL);
	do
		r = await_stop_for(tid, END_MS);
	while (r >= 0); /* a stop from before; behind SIGKILL there is none */
	if (r == -ETIMEDOUT)
		leave(tid);
	else
		(void)reap(tid);
}

/* --- the answer ----------------------------------------------------------------------------- */

/* Stops the thread where it waits for the answer. */
static int stop(struct penalised *p)
{
	if (ptrace(PTRACE_SEIZE, p->tid, NULL, (void *)PTRACE_O_TRACESYSGOOD) < 0)
		return -errno;
	if (!listener_is_waiting(p->fd, p->id)) /* its pid may be that of another thread by now */
		return -ENOENT;
	p->is_held = true;
	if (ptrace(PTRACE_INTERRUPT, p->tid, NULL, NULL) < 0)
		return -errno;
	int r = listener_answer(p->listener, p->fd, p->id, LISTENER_RESTART);

	if (r < 0 && r != -ENOENT) /* the interrupt may have ended the wait already */
		return r;
	r = await_stop(p->tid);
	return r < 0 ? r : 0;
}

/* Whether the thread is stopped at the entry of the call that was denied. */
static bool is_at_call(const struct penalised *p)
{
	struct syscall_entry e = { .op = 0 };

	return ptrace(PTRACE_GET_SYSCALL_INFO, p->tid, (void *)sizeof(e), &e) >=
		       (long)offsetof(struct syscall_entry, args) &&
	       e.op == SYSCALL_INFO_ENTRY && e.arch == p->call.arch &&
	       e.ip == p->call.instruction_pointer && (int)e.nr == p->call.nr;
}

/*
 * Lets the thread repeat the call until the kernel has taken its number and has not yet run the
 * filters (ptrace(2), PTRACE_SYSCALL). Before that, another thread could replace the instruction of
 * the call, and the thread would go on without an answer. If it does, the thread gets to another
 * call, to a signal, or nowhere.
 */
static int repeat_to_entry(const struct penalised *p)
{
	int signal = 0;

	for (int i = 0; i < SIGNALS_MAX; i++) {
		if (ptrace(PTRACE_SYSCALL, p->tid, NULL, (void *)(uintptr_t)signal) < 0)
			return -errno;
		int status = await_stop(p->tid);

		if (status < 0)
			return status;
		if (status >> 8 == (SIGTRAP | SYSCALL_STOP))
			return is_at_call(p) ? 0 : -EINVAL;
		signal = status >> 16 ? 0 : WSTOPSIG(status); /* 0: a stop without a signal */
		if (signal && signal != SIGSTOP)
			return -EINVAL;
	}
	return -ELOOP;
}

/* The data of the signal that the kernel would have sent for the original call. */
static siginfo_t make_signal(const struct penalised *p)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGSYS;
	info.si_code = SYS_SECCOMP;
	info.si_errno = (int)(p->answer & SECCOMP_RET_DATA);
	info.si_call_addr = (void *)(uintptr_t)p->call.instruction_pointer;
	info.si_syscall = p->call.nr;
	info.si_arch = p->call.arch;
	return info;
}

/*
 * Lets the thread go on to the signal that the kernel sends for NOTIFYING_TRAP, and gives the
 * signal the data of the original call. All others are blocked. If another thread has sent SIGSYS
 * (tgkill(2)) before, the kernel sends none, because that one is pending; so the data of the first
 * SIGSYS are replaced, whoever has sent it. `blocked` is the mask of the thread, which the handler
 * finds.
 */
static int correct_signal(const struct penalised *p, uint64_t blocked)
{
	siginfo_t info = make_signal(p);
	int signal = 0;

	for (int i = 0; i < SIGNALS_MAX && signal != SIGSYS; i++) {
		if (ptrace(PTRACE_CONT, p->tid, NULL, (void *)(uintptr_t)signal) < 0)
			return -errno;
		int status = await_stop(p->tid);

		if (status < 0)
			return status;
		signal = status >> 16 ? 0 : WSTOPSIG(status); /* 0: a stop without a signal */
	}
	if (signal != SIGSYS)
		return -ELOOP;
	if (ptrace(PTRACE_SETSIGINFO, p->tid, NULL, &info) < 0)
		return -errno;
	int r = registers_set_rolled_back(p->tid, p->call.nr);

	if (r == 0)
		r = set_blocked(p->tid, blocked);
	if (r == 0 && ptrace(PTRACE_DETACH, p->tid, NULL, (void *)(uintptr_t)SIGSYS) < 0)
		r = -errno;
	return r;
}

static int number_of(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRAP:
		return NOTIFYING_TRAP;
	case SECCOMP_RET_KILL_THREAD:
		return NOTIFYING_KILL_THREAD;
	default:
		return NOTIFYING_KILL_PROCESS;
	}
}

/*
 * All signals but SIGKILL and SIGSTOP are blocked until the call is repeated. Else a handler would
 * run before: the call would fail with EINTR, or the handler would change the saved registers, and
 * the thread would go on.
 *
 * A thread without a handler of SIGSYS is not traced until the signal: the kernel lets the init of
 * a PID namespace survive a signal without a handler while it is traced.
 */
static int repeat(const struct penalised *p)
{
	const int number = number_of(p->answer);
	bool handled = number == NOTIFYING_TRAP && handles_sigsys(p);
	uint64_t blocked, sigsys = UINT64_C(1) << (SIGSYS - 1);

	if (ptrace(PTRACE_GETSIGMASK, p->tid, (void *)sizeof(blocked), &blocked) < 0)
		return -errno;
	int r = registers_check_restart(p->tid, p->call.nr);

	if (r == 0)
		r = tie(p->tid);
	if (r == 0)
		r = set_blocked(p->tid, UINT64_MAX);
	if (r == 0)
		r = repeat_to_entry(p);
	if (r == 0)
		r = registers_set_number(p->tid, number);
	if (r == 0 && handled)
		r = set_blocked(p->tid, ~sigsys);
	if (r < 0)
		return r;
	if (handled)
		return correct_signal(p, blocked);
	return ptrace(PTRACE_DETACH, p->tid, NULL, NULL) < 0 ? -errno : 0;
}

/* Whether it was given SIGKILL; ESRCH: it has ended. */
static bool kill_process(const struct penalised *p)
{
	return p->process >= 0 && sys_pidfd_send_signal(p->process, SIGKILL) == 0;
}

/* For a thread that does not wait any more. Others of its process may have ended it. */
static enum penalty end_others(const struct penalised *p)
{
	const bool all = (p->answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_KILL_PROCESS;

	return all && kill_process(p) ? PENALTY_KILLED : PENALTY_GONE;
}

/* Ends the whole process, before the call is answered. */
static enum penalty end(const struct penalised *p)
{
	if (!listener_is_waiting(p->fd, p->id))
		return end_others(p);
	const bool killed = kill_process(p);

	(void)!listener_answer(p->listener, p->fd, p->id, EPERM);
	return killed ? PENALTY_KILLED : PENALTY_GONE;
}

static struct penalised describe(struct listener *listener, int fd, int proc, int process,
				 uint32_t answer)
{
	return (struct penalised){
		.listener = listener,
		.fd = fd,
		.proc = proc,
		.process = process,
		.tid = (pid_t)listener->call->pid,
		.call = listener->call->data,
		.id = listener->call->id,
		.answer = answer,
	};
}

/*
 * A process that is in no PID namespace below ours has no pid here, and 0 means other processes to
 * kill(2). Its call is denied; it cannot be ended.
 */
static enum penalty only_deny(const struct penalised *p)
{
	(void)!listener_answer(p->listener, p->fd, p->id, EPERM);
	return PENALTY_GONE;
}

enum penalty penalty_kill(struct listener *listener, int fd, int process)
{
	const struct penalised p = describe(listener, fd, -1, process, SECCOMP_RET_KILL_PROCESS);

	return p.tid > 0 ? end(&p) : only_deny(&p);
}

enum penalty penalty_give(struct listener *listener, int fd, int proc, int process, uint32_t answer)
{
	struct penalised p = describe(listener, fd, proc, process, answer);

	if (p.tid <= 0)
		return only_deny(&p);
	int r = stop(&p);

	if (r == 0)
		r = repeat(&p);
	if (r == 0)
		return PENALTY_EXACT;
	if (p.is_held && r != -ESRCH) { /* still traced, so its number is not another's */
		kill_traced(p.tid);
		return PENALTY_KILLED;
	}
	if (r == -ESRCH || r == -ENOENT) {
		enum penalty others = end_others(&p);

		let_go(p.tid); /* reaps it, too */
		return others;
	}
	let_go(p.tid);
	return end(&p);
}
