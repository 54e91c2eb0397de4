/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the calls that tamis-agent may make. It reads what containers wrote, so a mistake in that
 * must not lead to another program, a network, a mount or other credentials. Names in a row are of
 * one purpose, for every architecture and C library.
 */
#include "observe/agent_filter.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sys.h"
#include "plan/host.h"
#include "seccomp/filter.h"
#include "seccomp/rows.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ptrace.h>

enum { OF_TRACER = 1, OF_OTHERS = 2 };

/* clang-format off */
static const struct row rows[] = {
	/* waiting and time */
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait nanosleep "
	  "poll ppoll ppoll_time64 restart_syscall" },
	/* files: logs, metrics, procfs */
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "close close_range fcntl fcntl64 fstat fstat64 fstatat64 ftruncate getdents64 lseek "
	  "_llseek newfstatat open openat openat2 pread64 pwrite64 read readlink readlinkat rename renameat "
	  "renameat2 statfs statfs64 fstatfs fstatfs64 statx unlink unlinkat write writev fsync fdatasync umask "
	  "fchmod memfd_create" },
	/* sockets that are open, and pairs */
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "accept4 getsockname getsockopt recvfrom recvmsg sendmsg sendto setsockopt shutdown "
	  "socketpair" },
	/* listeners (and terminals, which the C library asks for) */
	{ .action = SECCOMP_RET_ALLOW, .names = "ioctl" },
	/* memory */
	{ .action = SECCOMP_RET_ALLOW, .names = "brk madvise mmap mmap2 mprotect mremap munmap" },
	/* other processes: to look into and to end */
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "kill pidfd_open pidfd_send_signal process_vm_readv tgkill wait4 waitid" },
	/* to stop them for the exact answer (penalty.h) */
	{ .of = OF_TRACER, .action = SECCOMP_RET_ALLOW, .names = "ptrace" },
	/* the process that reads; no threads and no namespaces */
	{ .not_on = ROWS_ON(S390X), .action = SECCOMP_RET_ALLOW, .names = "clone",
	  ROWS_IF(.index = 0, .op = SECCOMP_OP_EQ, .value = CLONE_PIDFD) },
	{ .on = ROWS_ON(S390X), .action = SECCOMP_RET_ALLOW, .names = "clone",
	  ROWS_IF(.index = 1, .op = SECCOMP_OP_EQ, .value = CLONE_PIDFD) },
	{ .action = SECCOMP_RET_ALLOW, .names = "exit exit_group getpid getppid gettid" },
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "futex futex_time64 getrandom prctl rseq rt_sigaction rt_sigprocmask rt_sigreturn sigreturn sched_yield "
	  "set_robust_list set_tid_address uname geteuid getuid" },
};
/* clang-format on */

int agent_filter_load(bool is_tracer)
{
	struct arena_mark mark = arena_mark();
	struct host host = { 0 };
	const struct filter *filter;
	int r = host_kernel(&host);

	if (r < 0)
		return r;
	const struct profile_facts facts = { .native = arch_by_machine(host.machine),
					     .kernel_major = host.kernel_major,
					     .kernel_minor = host.kernel_minor };
	const struct filter_options options = { .machine = host.machine };
	struct profile profile = { .place = "tamis-agent",
				   .default_action = SECCOMP_RET_ERRNO | EPERM,
				   .n_abis = 1,
				   .abis = { facts.native } };

	rows_select(rows, ARRAY_LEN(rows), is_tracer ? OF_TRACER : OF_OTHERS, &facts, &profile);
	r = filter_compile(&profile, &options, &filter);
	if (r < 0)
		return r;
	struct sock_fprog program = { filter->len, (struct sock_filter *)(uintptr_t)filter->code };

	if (sys_seccomp(SECCOMP_SET_MODE_FILTER, filter->flags, &program) < 0)
		return fail(errno, "load the filter of tamis-agent");
	(void)arena_release(mark, NULL, 0);
	return 0;
}
