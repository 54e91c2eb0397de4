/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Init's end of the start channel, and the one function in which init, exec and
 * startContainer hooks end: the filter, then execve. What must hold: behind a loaded filter there
 * is no system call of ours but execve, so that a profile need allow nothing else: what happened is
 * told by stores into the shared page, and the end is a trap instruction. Nothing that a connection
 * sends is trusted but the page, whose size is checked.
 */
#include "box/start.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "box/hooks.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* 5.19 */
#endif

enum {
	PAGE_BYTES = 4096,
	GO_TIMEOUT_MS = 5000, /* for a caller that connected and says nothing */
	/* Turns of the loop without a system call: some ten seconds, then nobody comes. */
	SPIN_MAX = 400 * 1000 * 1000,
};

/* Behind the filter an instrumented build must make no call of its own either. */
#define no_instrument __attribute__((no_sanitize_address))

int filter_load(const struct filter *filter, bool listen)
{
	if (!filter)
		return 0;
	struct sock_fprog program = { filter->len, (struct sock_filter *)(uintptr_t)filter->code };
	uint32_t flags = filter->flags;
	int death;

	if (!listen)
		flags &= ~(uint32_t)(SECCOMP_FILTER_FLAG_NEW_LISTENER |
				     SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	/* Recorders of profiles begin at this call (security-profiles-operator). */
	prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0);
	int r = sys_seccomp(SECCOMP_SET_MODE_FILTER, flags, &program);

	return r < 0 ? -errno : r;
}

/* The parent raised the hard ones already: this needs no privilege. Silent. */
static int limits_set(const struct plan_process *p)
{
	for (size_t i = 0; p && i < p->n_rlimits; i++) {
		const struct rlimit l = { p->rlimits[i].soft, p->rlimits[i].hard };

		if (setrlimit((enum __rlimit_resource)p->rlimits[i].resource, &l) < 0)
			return -errno;
	}
	return 0;
}

int program_confine(const void *ctx)
{
	const struct start_program *program = ctx;
	int r = limits_set(program->process);

	return r < 0 ? r : filter_load(program->filter, false);
}

static void say_stage(struct start_page *page, enum start_stage stage)
{
	__atomic_store_n(&page->stage, stage, __ATOMIC_RELEASE);
}

no_return no_instrument static void say_failed(struct start_page *page, enum start_stage stage,
					       int error)
{
	__atomic_store_n(&page->stage_failed, stage, __ATOMIC_RELAXED);
	__atomic_store_n(&page->error, error, __ATOMIC_RELAXED);
	say_stage(page, START_FAILED);
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

/* Until the caller fetched the listener: our descriptor table is all that it needs. */
no_instrument static void await_verdict(struct start_page *page, int listener)
{
	uint32_t go = START_HOLD;

	__atomic_store_n(&page->listener, listener, __ATOMIC_RELAXED);
	say_stage(page, START_LISTENER);
	for (int i = 0; i < SPIN_MAX && go == START_HOLD; i++) {
		relax();
		go = __atomic_load_n(&page->go, __ATOMIC_ACQUIRE);
	}
	if (go != START_RUN)
		say_failed(page, START_LISTENER, go == START_HOLD ? ETIMEDOUT : ECANCELED);
}

no_return no_instrument static void final_exec(struct start_page *page,
					       const struct start_program *program)
{
	const struct filter *filter = program->filter;
	bool listen = filter && (filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER);

	say_stage(page, START_LOADING);
	if (signal(SIGPIPE, SIG_DFL) == SIG_ERR)
		say_failed(page, START_LOADING, errno);
	int r = filter_load(filter, true);

	if (r < 0)
		say_failed(page, START_LOADING, -r);
	if (listen)
		await_verdict(page, r);
	say_stage(page, START_EXECING);
	execve(program->path, program->argv, program->envp);
	say_failed(page, START_EXECING, errno);
}

/* The page of a GO; a caller that only looks closes at once, one that hangs is left. */
static struct start_page *take_page(int conn)
{
	struct msg m;
	struct pollfd p = { .fd = conn, .events = POLLIN };
	struct stat st;

	if (poll(&p, 1, GO_TIMEOUT_MS) <= 0 || msg_recv(conn, &m) <= 0)
		return NULL;
	autofd fd = take_fd(&m.fds[0]);

	for (int i = 1; i < MSG_FDS_MAX; i++)
		fd_close(&m.fds[i]);
	if (m.type != START_GO || fd < 0 || fstat(fd, &st) < 0 || st.st_size < PAGE_BYTES)
		return NULL;
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

static struct start_page *await_go(int listener, int *ret_conn)
{
	for (;;) {
		autofd conn = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (conn < 0 && is_shortage(errno)) /* no event tells of its end */
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
		else if (conn < 0 && errno != EINTR && errno != ECONNABORTED)
			_exit(1); /* nobody can start us any more */
		struct start_page *page = conn < 0 ? NULL : take_page(conn);

		if (page) {
			*ret_conn = take_fd(&conn);
			return page;
		}
	}
}

no_return void start_give_up(int conn, int code)
{
	const char *message = err_message();

	(void)!msg_send(conn, START_ERROR, code, message ? message : "cannot be started", NULL, 0);
	_exit(1);
}

no_return void start_now(int conn, struct start_page *page, const struct start_program *program)
{
	int r = fd_cloexec_from(3 + program->preserve_fds);

	if (r < 0)
		start_give_up(conn, fail(-r, "close what the program must not have"));
	r = limits_set(program->process);
	if (r < 0)
		start_give_up(conn, fail(-r, "process.rlimits: cannot be set"));
	/* Before ABOUT: the caller looks at the page from then on. */
	say_stage(page, START_LOADING);
	r = msg_send(conn, START_ABOUT, 0, NULL, NULL, 0);
	if (r < 0 && program->filter && program->filter->notify)
		_exit(1); /* nobody would serve the listener */
	final_exec(page, program);
}

no_return void start_wait(int listener, int notify, int sdnotify,
			  const struct start_program *program)
{
	struct start_page *page;
	int conn = -1, r;

	do { /* a caller that was killed meanwhile leaves us waiting */
		fd_close(&conn);
		page = await_go(listener, &conn);
		r = sdnotify < 0 ? 0 : msg_send(conn, START_SDNOTIFY, 0, NULL, &sdnotify, 1);
		if (r >= 0)
			r = msg_send(conn, START_ANSWER, 0, NULL, &notify, notify >= 0);
	} while (r < 0);
	fd_close(&sdnotify);
	if (program->hooks->n) {
		say_stage(page, START_HOOKS);
		const struct hook_context context = { .state = program->state,
						      .cwd = -1,
						      .envp = program->envp,
						      .confine = program_confine,
						      .ctx = program };

		r = hooks_run(program->hooks, &context);
	}
	fd_close(&notify);
	if (r < 0)
		start_give_up(conn, r);
	start_now(conn, page, program);
}
