/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns when the filter is loaded by a process that others see before it executes the program. What
 * must hold: whoever may trace it there (CAP_SYS_PTRACE) gets no capability that the program would
 * not have, and a profile that allows nothing but execve still works. Both at once cannot be:
 * CAP_SYS_ADMIN is needed to load a filter without no_new_privs, and behind it only what it
 * allows can be done. So the filter is asked, call by call, for all that is still to come.
 */
#include "base/err.h"
#include "base/sys.h"
#include "box/creds.h"
#include "box/inner.h"
#include "box/start.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* An architecture without the older call has its successor in libc's place, too. */
#ifndef SYS_poll
#define SYS_poll SYS_ppoll
#endif
#ifndef SYS_fstat
#define SYS_fstat SYS_statx
#endif
#ifndef SYS_newfstatat
#define SYS_newfstatat SYS_statx
#endif

#if defined(__s390x__) || defined(__s390__)
#define FOLLOW 0, CLONE_PARENT
#else
#define FOLLOW CLONE_PARENT
#endif

enum { PAGE_BYTES = 4096 };

/* From here to execve, in init.c, exec.c, final.c and memory.c; pointers and descriptors are 0. */
static const struct {
	int nr;
	uint64_t args[4];
} to_come[] = {
	{ SYS_capset, { 0 } },
	{ SYS_clone, { FOLLOW } },
	{ SYS_exit_group, { 0 } },
	{ SYS_prctl, { PR_SET_DUMPABLE, 0 } },
	{ SYS_prctl, { PR_SET_PDEATHSIG, SIGKILL } },
	{ SYS_prctl, { PR_SET_PDEATHSIG, 0 } },
	{ SYS_sendmsg, { 0, 0, MSG_NOSIGNAL } },
	{ SYS_recvmsg, { 0, 0, MSG_CMSG_CLOEXEC } },
	{ SYS_setsid, { 0 } },
	{ SYS_ioctl, { 0, TIOCSCTTY, 0 } },
	{ SYS_close, { 0 } },
	{ SYS_getpid, { 0 } },
	{ SYS_madvise, { 0, PAGE_BYTES, MADV_DONTNEED } },
	{ SYS_accept4, { 0, 0, 0, SOCK_CLOEXEC } },
	{ SYS_poll, { 0, 1, 0 } },
	{ SYS_ppoll, { 0, 1 } },
	{ SYS_fstat, { 0 } },
	{ SYS_newfstatat, { 0 } },
	{ SYS_mmap, { 0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED } },
	{ SYS_mmap, { 0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS } },
	{ SYS_munmap, { 0 } },
	{ SYS_brk, { 0 } },
	{ SYS_clock_nanosleep, { 0 } },
	{ SYS_restart_syscall, { 0 } },
	{ SYS_close_range, { 3, ~0U, SYS_CLOSE_RANGE_CLOEXEC } },
	{ SYS_prlimit64, { 0 } },
	{ SYS_rt_sigaction, { SIGPIPE } },
	{ SYS_execve, { 0 } },
};

static bool lets_through(const struct filter *f)
{
	if (bpf_first_bad(f->code, f->len) >= 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(to_come); i++) {
		struct seccomp_data data = { .nr = to_come[i].nr, .arch = SYS_AUDIT_ARCH };

		for (size_t k = 0; k < ARRAY_LEN(to_come[i].args); k++)
			data.args[k] = to_come[i].args[k];
		if (bpf_run(f->code, f->len, &data, NULL) != SECCOMP_RET_ALLOW)
			return false;
	}
	return true;
}

bool filter_comes_early(const void *ctx)
{
	const struct box *box = ctx;
	const struct plan *plan = box->plan;
	const struct filter *f = plan->filter;

	/* Hooks in the container do what they like, and the agent is not there yet. */
	return f && box->followed && !plan->process.no_new_privs && !f->notify &&
	       plan->hooks[HOOK_START_CONTAINER].n == 0 && lets_through(f);
}

int filter_early(void *ctx)
{
	const struct plan *plan = ((struct box *)ctx)->plan;
	int r = filter_load(plan->filter, false);

	return r < 0 ? fail(-r, "linux.seccomp: load the filter") : creds_drop_admin(plan);
}
