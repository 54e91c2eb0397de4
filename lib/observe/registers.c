/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the registers of a stopped thread, which each architecture has in a layout of its own. On
 * x86_64: the kernel repeats a call by copying orig_ax to ax and going back by one instruction,
 * because ax says that the call is to be restarted. A call through the vsyscall page cannot be
 * repeated: its orig_ax is not its number.
 */
#include "observe/registers.h"

#include "observe/listener.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

#if defined(__x86_64__)

/* Registers of a 32-bit process in the layout of ptrace(2): struct user_regs_struct of i386. */
struct registers_i386 {
	uint32_t bx, cx, dx, si, di, bp, ax, ds, es, fs, gs, orig_ax, ip, cs, flags, sp, ss;
};

union registers {
	struct user_regs_struct wide;
	struct registers_i386 narrow;
};

static int read_registers(pid_t tid, union registers *ret, size_t *ret_size)
{
	struct iovec v = { ret, sizeof(*ret) };

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return -errno;
	*ret_size = v.iov_len;
	return v.iov_len == sizeof(ret->wide) || v.iov_len == sizeof(ret->narrow) ? 0 : -EINVAL;
}

static int write_registers(pid_t tid, union registers *r, size_t size)
{
	struct iovec v = { r, size };

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 ? -errno : 0;
}

int registers_check_restart(pid_t tid, int nr)
{
	union registers r;
	size_t size = 0;
	int e = read_registers(tid, &r, &size);

	if (e < 0)
		return e;
	if (size == sizeof(r.wide))
		return (long)r.wide.rax == -LISTENER_RESTART && (int)r.wide.orig_rax == nr
			       ? 0
			       : -EINVAL;
	return (int32_t)r.narrow.ax == -LISTENER_RESTART && (int)r.narrow.orig_ax == nr ? 0
											: -EINVAL;
}

/* Sets the number of the call, and as_result: what it returns, too. */
static int set(pid_t tid, int nr, bool as_result)
{
	union registers r;
	size_t size = 0;
	int e = read_registers(tid, &r, &size);

	if (e < 0)
		return e;
	if (size == sizeof(r.wide)) {
		r.wide.orig_rax = (unsigned int)nr;
		r.wide.rax = as_result ? (unsigned int)nr : r.wide.rax;
	} else {
		r.narrow.orig_ax = (uint32_t)nr;
		r.narrow.ax = as_result ? (uint32_t)nr : r.narrow.ax;
	}
	return write_registers(tid, &r, size);
}

int registers_set_number(pid_t tid, int nr)
{
	return set(tid, nr, false);
}

int registers_set_rolled_back(pid_t tid, int nr)
{
	return set(tid, nr, true);
}

#elif defined(__aarch64__)

/* The kernel restores x0 from its own copy and goes back by one instruction. */
int registers_check_restart(pid_t tid, int nr)
{
	struct user_regs_struct r;
	struct iovec v = { &r, sizeof(r) };

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return -errno;
	return v.iov_len == sizeof(r) && (long)r.regs[0] == -LISTENER_RESTART &&
			       (int)r.regs[8] == nr
		       ? 0
		       : -EINVAL;
}

int registers_set_number(pid_t tid, int nr)
{
	struct iovec v = { &nr, sizeof(nr) };

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &v) < 0 ? -errno : 0;
}

int registers_set_rolled_back(pid_t tid, int nr)
{
	struct user_regs_struct r;
	struct iovec v = { &r, sizeof(r) };

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return -errno;
	r.regs[8] = (unsigned int)nr;
	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 ? -errno : 0;
}

#else

int registers_check_restart(pid_t tid not_used, int nr not_used)
{
	return -EOPNOTSUPP;
}

int registers_set_number(pid_t tid not_used, int nr not_used)
{
	return -EOPNOTSUPP;
}

int registers_set_rolled_back(pid_t tid not_used, int nr not_used)
{
	return -EOPNOTSUPP;
}

#endif
