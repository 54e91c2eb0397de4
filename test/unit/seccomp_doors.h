/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: makes system calls by every entry that the machine has, in a child under a filter, and
 * stores what came of each.
 */
#ifndef TEST_UNIT_SECCOMP_DOORS_H
#define TEST_UNIT_SECCOMP_DOORS_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/bpf.h"
#include "seccomp/emit.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* An entry to the kernel's system calls. */
struct door {
	const char *name;
	enum abi abi;
	uint32_t arch, bit;
	long (*call)(long nr, const uint64_t args[6]);
};

static long call_native(long nr, const uint64_t args[6])
{
	long r = syscall(nr, args[0], args[1], args[2], args[3], args[4], args[5]);

	return r < 0 ? -errno : r;
}

#ifdef __x86_64__
/* The sixth argument is in ebp, which the compiler may use; below the stack pointer may be data. */
static long call_int80(long nr, const uint64_t args[6])
{
	register uint64_t sixth __asm__("r12") = args[5];
	long r;

	__asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
			 "push %%rbp\n\t"
			 "mov %%r12, %%rbp\n\t"
			 "int $0x80\n\t"
			 "pop %%rbp\n\t"
			 "lea 128(%%rsp), %%rsp"
			 : "=a"(r)
			 : "a"(nr), "b"((uint32_t)args[0]), "c"((uint32_t)args[1]),
			   "d"((uint32_t)args[2]), "S"((uint32_t)args[3]), "D"((uint32_t)args[4]),
			   "r"(sixth)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return (int)r;
}

static const struct door doors[] = {
	{ "x86_64", ABI_X86_64, AUDIT_ARCH_X86_64, 0, call_native },
	{ "x32", ABI_X32, AUDIT_ARCH_X86_64, 0x40000000, call_native },
	{ "i386", ABI_X86, AUDIT_ARCH_I386, 0, call_int80 },
};
static const char machine[] = "x86_64";
#else
static const struct door doors[] = { { "aarch64", ABI_AARCH64, AUDIT_ARCH_AARCH64, 0,
				       call_native } };
static const char machine[] = "aarch64";
#endif

/* Whether the machine has that entry: some hypervisors and kernels kill a process that uses int
 * 0x80. */
static bool door_is_open(const struct door *door)
{
	static const uint64_t none[6];
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		door->call((long)(1099 | door->bit), none);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

/* What a call of door has as seccomp_data. */
__attribute__((unused)) static struct seccomp_data door_data(const struct door *door, uint32_t nr,
							     const uint64_t args[6])
{
	struct seccomp_data data = { .nr = (int)(nr | door->bit), .arch = door->arch };

	for (int i = 0; i < 6; i++)
		data.args[i] = door->arch == AUDIT_ARCH_I386 ? (uint32_t)args[i] : args[i];
	return data;
}

/* Loads a filter into this process. Returns 0 or an errno value. */
static int door_load(const struct bpf_program *p)
{
	const struct sock_fprog prog = { .len = p->len, .filter = (struct sock_filter *)p->code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0)
		return errno;
	return 0;
}

/* One call, and what came of it. */
struct door_call {
	const struct door *door;
	uint32_t nr;
	uint64_t args[6];
};

struct door_outcome {
	long result;
	bool made, trapped;
	siginfo_t info; /* of SIGSYS */
};

/* In the child: whose call has raised SIGSYS. */
static struct door_outcome *door_at;
static sigjmp_buf door_back;

static void door_trapped(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	door_at->trapped = true;
	door_at->info = *info;
	siglongjmp(door_back, 1); /* the filter may deny rt_sigreturn(2) */
}

/* Under the filter nothing but the calls themselves: it may deny everything else, exit, too. */
static void door_make_calls(const struct door_call *calls, size_t n, struct door_outcome *out)
{
	for (volatile size_t i = 0; i < n; i++) {
		door_at = &out[i];
		if (sigsetjmp(door_back, 0) == 0)
			out[i].result = calls[i].door->call(
				(long)(calls[i].nr | calls[i].door->bit), calls[i].args);
		out[i].made = true;
	}
	__builtin_trap();
}

/*
 * Makes the calls in a child, under the filter if there is one. out is shared memory. Returns the
 * wait status: that of SIGILL if all were made, of SIGSYS if one was killed; -1 if the filter
 * cannot be loaded (errno).
 */
__attribute__((unused)) static int door_run(const struct bpf_program *p,
					    const struct door_call *calls, size_t n,
					    struct door_outcome *out)
{
	const struct sigaction action = { .sa_sigaction = door_trapped,
					  .sa_flags = SA_SIGINFO | SA_NODEFER };
	const struct rlimit none = { 0, 0 };
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int r = 0;

		sigaction(SIGSYS, &action, NULL);
		signal(SIGILL, SIG_DFL);
		setrlimit(RLIMIT_CORE, &none);
		if (p)
			r = door_load(p);
		else
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (r != 0)
			_exit(r);
		door_make_calls(calls, n, out);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status)) {
		errno = WEXITSTATUS(status);
		return -1;
	}
	return status;
}

/* Whether two results are of one kind: the same error, or none. */
static bool door_is_same(long a, long b)
{
	return a == b || (!(a < 0 && a >= -4095) && !(b < 0 && b >= -4095));
}

/*
 * Whether a call that was not killed got the answer `action`. plain: what came of it without a
 * filter. A tracer and an agent are not there: the kernel answers ENOSYS (seccomp(2)).
 */
__attribute__((unused)) static bool door_agrees(uint32_t action, const struct door_call *call,
						const struct door_outcome *got,
						const struct door_outcome *plain)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return !got->trapped && door_is_same(got->result, plain->result);
	case SECCOMP_RET_ERRNO:
		return !got->trapped && got->result == -(long)(data > 4095 ? 4095 : data);
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return !got->trapped && got->result == -ENOSYS;
	case SECCOMP_RET_TRAP:
		return got->trapped && (uint32_t)got->info.si_errno == data &&
		       (uint32_t)got->info.si_syscall == (call->nr | call->door->bit) &&
		       got->info.si_arch == call->door->arch;
	default:
		return false;
	}
}

/* Whether the action ends the process. */
__attribute__((unused)) static bool door_kills(uint32_t action)
{
	uint32_t full = action & SECCOMP_RET_ACTION_FULL;

	return full == SECCOMP_RET_KILL_PROCESS || full == SECCOMP_RET_KILL_THREAD;
}

#endif
