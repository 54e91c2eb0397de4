/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the last system calls before the user's program.
 *
 * What must hold: each call is in final_calls() with the arguments used here, because the filter
 * allows nothing else by then. After the profile is loaded only execve(2) is made, and the limits
 * where the profile allows them. Progress and failure are reported by stores into the shared page.
 * The process ends by exit_group(2) where that is allowed, else by a trap instruction. Nothing is
 * allocated here. Of a message from the parent only its type is used.
 */
#include "process/final.h"

#include "base/arena.h"
#include "base/sys.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"
#include "process/exact.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Iterations of the loop that waits without a system call: about ten seconds. */
enum { SPIN_MAX = 400 * 1000 * 1000 };

enum { CLONE_FLAGS = CLONE_PARENT | CLONE_PARENT_SETTID };

/* Memory that the calls point at. Its addresses are part of the filter. */
static struct {
	struct {
		uint32_t type;
		int32_t code;
	} word; /* the message to and from the parent: the layout of base/msg.h without text */
	struct sock_fprog program;
	int death;
} fixed;

void final_prepare(struct final *f)
{
	const struct plan_process *p = &f->plan->process;

	fixed.word.type = SYNC_READY;
	f->limits = arena_array(p->n_rlimits + 1, sizeof(*f->limits));
	for (size_t i = 0; i < p->n_rlimits; i++)
		f->limits[i] = (struct rlimit){ p->rlimits[i].soft, p->rlimits[i].hard };
}

#define CALL(number, ...) (*c++ = (struct exact_call){ .nr = (number), .args = { __VA_ARGS__ } })

size_t final_limits(const struct final *f, struct exact_call calls[FINAL_LIMITS_MAX])
{
	const struct plan_process *p = &f->plan->process;
	struct exact_call *c = calls;

	for (size_t i = 0; i < p->n_rlimits && i < FINAL_LIMITS_MAX; i++)
		CALL(SYS_prlimit64, EXACT_INT(0), EXACT_INT(p->rlimits[i].resource),
		     EXACT_POINTER(&f->limits[i]), EXACT_LONG(0));
	return (size_t)(c - calls);
}

size_t final_calls(const struct final *f, struct exact_call calls[FINAL_CALLS_MAX])
{
	const struct plan_process *p = &f->plan->process;
	struct exact_call *c = calls;

	CALL(SYS_exit_group, { EXACT_ANY, 0 });
#if defined(__s390x__) || defined(__s390__)
	if (f->clone)
		CALL(SYS_clone, EXACT_LONG(0), EXACT_LONG(CLONE_FLAGS),
		     EXACT_POINTER(&f->page->pid), EXACT_LONG(0), EXACT_LONG(0));
#else
	if (f->clone)
		CALL(SYS_clone, EXACT_LONG(CLONE_FLAGS), EXACT_LONG(0),
		     EXACT_POINTER(&f->page->pid), EXACT_LONG(0), EXACT_LONG(0));
#endif
	if (f->dies)
		CALL(SYS_prctl, EXACT_INT(PR_SET_PDEATHSIG), EXACT_LONG(SIGKILL), EXACT_LONG(0),
		     EXACT_LONG(0), EXACT_LONG(0));
	if (f->session)
		CALL(SYS_setsid, { EXACT_ANY, 0 });
	if (f->session && p->terminal)
		CALL(SYS_ioctl, EXACT_INT(STDIN_FILENO), EXACT_INT(TIOCSCTTY), EXACT_LONG(0));
	if (f->plan->listen_pid)
		CALL(SYS_getpid, { EXACT_ANY, 0 });
	if (f->sync >= 0) {
		CALL(SYS_sendto, EXACT_INT(f->sync), EXACT_POINTER(&fixed.word),
		     EXACT_LONG(sizeof(fixed.word)), EXACT_INT(MSG_NOSIGNAL), EXACT_LONG(0),
		     EXACT_INT(0));
		CALL(SYS_recvfrom, EXACT_INT(f->sync), EXACT_POINTER(&fixed.word),
		     EXACT_LONG(sizeof(fixed.word)), EXACT_INT(0), EXACT_LONG(0), EXACT_LONG(0));
		CALL(SYS_futex, EXACT_POINTER(&f->page->go), EXACT_INT(FUTEX_WAIT),
		     EXACT_INT(START_HOLD), EXACT_LONG(0));
	}
	if (f->marks)
		CALL(SYS_prctl, EXACT_INT(PR_GET_PDEATHSIG), EXACT_POINTER(&fixed.death),
		     EXACT_LONG(0), EXACT_LONG(0), EXACT_LONG(0));
	c += final_limits(f, c);
	if (f->late)
		CALL(SYS_seccomp, EXACT_INT(SECCOMP_SET_MODE_FILTER), EXACT_INT(f->late->flags),
		     EXACT_POINTER(&fixed.program));
	return (size_t)(c - calls);
}
#undef CALL

int final_load_filter(const struct filter *filter)
{
	fixed.program =
		(struct sock_fprog){ filter->len, (struct sock_filter *)(uintptr_t)filter->code };
	int r = sys_seccomp(SECCOMP_SET_MODE_FILTER, filter->flags, &fixed.program);

	return r < 0 ? -errno : r;
}

static void say_stage(struct start_page *page, enum start_stage stage)
{
	__atomic_store_n(&page->stage, stage, __ATOMIC_RELEASE);
}

static void store_failure(struct start_page *page, enum start_stage stage, int error)
{
	__atomic_store_n(&page->stage_failed, stage, __ATOMIC_RELAXED);
	__atomic_store_n(&page->error, error, __ATOMIC_RELAXED);
	say_stage(page, START_FAILED);
}

no_return no_instrument static void failed(struct start_page *page, enum start_stage stage,
					   int error)
{
	store_failure(page, stage, error);
	syscall(SYS_exit_group, 1L);
	__builtin_trap();
}

/* As failed(), after the profile is loaded, when exit_group(2) may be denied. */
no_return no_instrument static void failed_silently(struct start_page *page, enum start_stage stage,
						    int error)
{
	store_failure(page, stage, error);
	__builtin_trap();
}

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
	__asm__ volatile("yield" ::: "memory");
#else
	__asm__ volatile("" ::: "memory");
#endif
}

/*
 * Waits until the caller has fetched the listener. The caller needs only that this process's
 * descriptor table exists. Spins, because the profile may deny or notify every call that could
 * wait.
 */
no_instrument static void await_verdict(struct start_page *page, int listener)
{
	uint32_t go = START_HOLD;

	__atomic_store_n(&page->listener, listener, __ATOMIC_RELAXED);
	say_stage(page, START_LISTENER);
	for (int i = 0; i < SPIN_MAX && go == START_HOLD; i++) {
		relax();
		go = __atomic_load_n(&page->verdict, __ATOMIC_ACQUIRE);
	}
	if (go != START_RUN)
		failed_silently(page, START_LISTENER, go == START_HOLD ? ETIMEDOUT : ECANCELED);
}

/*
 * Clones the process that continues; the calling one ends. The kernel stores the clone's pid in the
 * page before the clone runs (CLONE_PARENT_SETTID, clone(2)).
 */
no_instrument static void clone_final(struct final *f)
{
	pid_t pid = sys_clone(CLONE_FLAGS, &f->page->pid);

	if (pid < 0)
		failed(f->page, START_CLONING, errno);
	if (pid > 0) {
		syscall(SYS_exit_group, 0L);
		__builtin_trap();
	}
	/* the parent death signal is not inherited; the parent's end is also noticed at COMMIT */
	if (f->dies && syscall(SYS_prctl, (long)PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L) < 0)
		failed(f->page, START_CLONING, errno);
}

no_instrument static void make_session(const struct final *f)
{
	if (syscall(SYS_setsid) < 0)
		failed(f->page, START_SESSION, errno);
	if (f->plan->process.terminal &&
	    syscall(SYS_ioctl, (long)STDIN_FILENO, (long)TIOCSCTTY, 0L) < 0)
		failed(f->page, START_TERMINAL, errno);
}

/*
 * Sends READY and waits for COMMIT, then for START_RUN. If the parent ends before COMMIT, this
 * process ends, too.
 */
no_instrument static void converse(const struct final *f)
{
	long n = syscall(SYS_sendto, (long)f->sync, &fixed.word, sizeof(fixed.word),
			 (long)MSG_NOSIGNAL, NULL, 0L);

	if (n >= 0)
		n = syscall(SYS_recvfrom, (long)f->sync, &fixed.word, sizeof(fixed.word), 0L, NULL,
			    NULL);
	if (n != sizeof(fixed.word) || fixed.word.type != SYNC_COMMIT)
		failed(f->page, START_SETUP, n < 0 ? errno : EPIPE);
	say_stage(f->page, START_WAITING);
	while (__atomic_load_n(&f->page->go, __ATOMIC_ACQUIRE) == START_HOLD)
		if (sys_futex_wait(&f->page->go, START_HOLD) < 0 && errno != EAGAIN &&
		    errno != EINTR)
			failed(f->page, START_WAITING, errno);
}

/*
 * Sets the resource limits. The parent has raised the hard limits already, so this needs no
 * privilege. It comes last, because a small limit (on file size, descriptors, processes) could make
 * our own work fail.
 */
no_instrument static void set_limits(const struct final *f)
{
	const struct plan_process *p = &f->plan->process;

	say_stage(f->page, START_LIMITS);
	for (size_t i = 0; i < p->n_rlimits && i < FINAL_LIMITS_MAX; i++) {
		if (syscall(SYS_prlimit64, 0L, (long)p->rlimits[i].resource, &f->limits[i], NULL) ==
		    0)
			continue;
		if (f->limits_behind)
			failed_silently(f->page, START_LIMITS, errno);
		failed(f->page, START_LIMITS, errno);
	}
}

no_return no_instrument static void load_and_exec(const struct final *f)
{
	struct start_page *page = f->page;

	if (!f->limits_behind)
		set_limits(f);
	say_stage(page, START_LOADING);
	/*
	 * security-profiles-operator discards what it recorded of a task of our name before this
	 * call
	 */
	if (f->marks)
		syscall(SYS_prctl, (long)PR_GET_PDEATHSIG, &fixed.death, 0L, 0L, 0L);
	if (f->late) {
		int r = final_load_filter(f->late);

		if (r < 0)
			failed(page, START_LOADING, -r);
		if (f->late->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
			await_verdict(page, r);
	}
	if (f->limits_behind)
		set_limits(f);
	say_stage(page, START_EXECING);
	execve(f->path, f->argv, f->envp);
	failed_silently(page, START_EXECING, errno);
}

no_return no_instrument void final_run(struct final *f)
{
	if (f->clone)
		clone_final(f);
	if (f->session)
		make_session(f);
	if (f->plan->listen_pid)
		plan_systemd_listen_pid(f->plan, (pid_t)syscall(SYS_getpid));
	if (f->sync >= 0)
		converse(f);
	load_and_exec(f);
}
