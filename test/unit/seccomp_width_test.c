/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks which parameters the kernel reads as 32 bits, according to calls.inc, with the kernel
 * itself: a call that succeeds is made again with bit 32 of one argument set. If it succeeds again,
 * the kernel does not read that bit. Tests only parameters with 64-bit types; the others are
 * checked by their types (seccomp_arch_test).
 */
#include "seccomp/arch.h"
#include "seccomp/syscall.h"

#include "base/fd.h"
#include "unit/tap.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { PAGE = 65536 }; /* largest of all architectures */

static enum abi native;

static bool succeeds(uint32_t nr, const unsigned long a[6])
{
	return syscall((long)nr, a[0], a[1], a[2], a[3], a[4], a[5]) >= 0;
}

static void compare(const char *name, unsigned int index, const unsigned long args[6])
{
	unsigned int id = (unsigned int)syscall_id(name);
	uint32_t nr = syscall_nr(native, id);
	bool narrow = syscall_narrow(native, id) >> index & 1;
	unsigned long again[6];

	memcpy(again, args, sizeof(again));
	again[index] |= 1ul << 32;
	if (nr == SYSCALL_NONE || !succeeds(nr, args))
		skip("cannot call %s", name);
	else
		ok(succeeds(nr, again) == narrow, "%s: the kernel reads %s of argument %u", name,
		   narrow ? "32 bits" : "all", index);
}

#define SAME(name, index, ...) compare(name, index, (const unsigned long[6]){ __VA_ARGS__ })
#define P(pointer) ((unsigned long)(pointer))

static void *pages(int flags)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	*p = 1;
	return p;
}

static void memory(void)
{
	void *own = pages(MAP_PRIVATE), *shared = pages(MAP_SHARED);

	SAME("mmap", 2, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1ul);
	SAME("mmap", 3, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1ul);
	SAME("mprotect", 2, P(own), PAGE, PROT_READ | PROT_WRITE);
	SAME("mremap", 3, P(own), PAGE, PAGE);
	SAME("mbind", 2, P(own), PAGE);
	SAME("get_mempolicy", 4, 0);
	SAME("remap_file_pages", 2, P(shared), PAGE);
	SAME("remap_file_pages", 4, P(shared), PAGE);
	SAME("mseal", 2, P(shared), PAGE);
}

static void vectors(void)
{
	static char buffer[64];
	const struct iovec v = { buffer, sizeof(buffer) }, page = { pages(MAP_PRIVATE), PAGE };
	unsigned long self = (unsigned long)getpid();
	autofd zero = open("/dev/zero", O_RDWR | O_CLOEXEC), file = memfd_create("x", MFD_CLOEXEC);
	autofd pidfd = (int)syscall(SYS_pidfd_open, self, 0);
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return;
	SAME("readv", 2, P(zero), P(&v), 1);
	SAME("writev", 2, P(zero), P(&v), 1);
	SAME("pwritev", 2, P(file), P(&v), 1);
	SAME("preadv", 2, P(file), P(&v), 1);
	SAME("pwritev2", 2, P(file), P(&v), 1);
	SAME("preadv2", 2, P(file), P(&v), 1);
	SAME("vmsplice", 2, P(pipes[1]), P(&v), 1);
	SAME("process_vm_readv", 2, self, P(&v), 1, P(&v), 1);
	SAME("process_vm_readv", 4, self, P(&v), 1, P(&v), 1);
	SAME("process_vm_readv", 5, self, P(&v), 1, P(&v), 1);
	SAME("process_vm_writev", 2, self, P(&v), 1, P(&v), 1);
	SAME("process_madvise", 2, P(pidfd), P(&page), 1, 20 /* MADV_COLD */);
	close(pipes[0]);
	close(pipes[1]);
}

/* The type of the parameter depends on the command. */
static void commands(void)
{
	enum { SESSION = 0xfffffffd /* -3 */ };
	static uint32_t words[2];
	static char buffer[64];
	unsigned long self = (unsigned long)getpid();
	autofd zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	int set = semget(IPC_PRIVATE, 1, 0600);

	SAME("fcntl", 2, P(zero), F_DUPFD_CLOEXEC, 100);
	SAME("fcntl", 2, P(zero), F_SETFD, FD_CLOEXEC);
	SAME("fcntl", 2, P(zero), F_SETFL, O_RDONLY);
	SAME("keyctl", 1, 0 /* GET_KEYRING_ID */, SESSION);
	SAME("keyctl", 2, 0, SESSION);
	SAME("kcmp", 3, self, self, 0 /* KCMP_FILE */, P(zero), P(zero));
	SAME("kcmp", 4, self, self, 0, P(zero), P(zero));
	SAME("futex", 3, P(&words[0]), 3 /* FUTEX_REQUEUE */, 0, 0, P(&words[1]));
	SAME("semctl", 3, P(set), 0, SETVAL, 1);
	SAME("sysfs", 1, 2, 0, P(buffer));
	SAME("prctl", 1, 4 /* PR_SET_DUMPABLE */, 1);
	SAME("unshare", 0, 0);
	SAME("futex_wake", 1, P(words), 1, 1, 2 /* 32 bits */);
	SAME("rt_sigprocmask", 3, SIG_BLOCK, 0, P(buffer), 8);
	if (set >= 0)
		semctl(set, 0, IPC_RMID);
}

int main(void)
{
	struct utsname host;

	native = uname(&host) < 0 ? ABI_COUNT : arch_by_machine(host.machine);
	if (native >= ABI_OWN || arch_abi(native)->bits == 32) {
		skip("no table for this machine's architecture, or not 64-bit");
		return done();
	}
	memory();
	vectors();
	commands();
	return done();
}
