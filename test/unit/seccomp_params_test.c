/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the names of parameters with the table of calls; parameters in an unusual order. */
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include "unit/tap.h"

static void complete(void)
{
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		unsigned int calls = 0, params = 0;

		for (unsigned int id = 0; id < syscall_count(); id++) {
			unsigned int n = params_count(abi, id);
			struct syscall_mux mux;

			if (syscall_nr(abi, id) == SYSCALL_NONE && !syscall_mux(abi, id, &mux))
				continue;
			calls++;
			params += n;
			/* x32's preadv and similar calls have one 64-bit offset */
			if (abi == ABI_X32 && n == syscall_args(id) - 1u &&
			    !strcmp(params_name(abi, id, 3), "pos"))
				continue;
			if (n > 6 ||
			    (n < syscall_args(id) && strcmp(params_name(abi, id, 0), "arg")))
				ok(false, "%s %s: %u names of %u parameters", arch_abi(abi)->scmp,
				   syscall_name(id), n, syscall_args(id));
			for (unsigned int i = 0; i < n; i++)
				if (params_index(abi, id, params_name(abi, id, i)) != (int)i)
					ok(false, "%s: %s occurs twice", syscall_name(id),
					   params_name(abi, id, i));
		}
		ok(calls > 300, "%s: %u calls with %u names", arch_abi(abi)->scmp, calls, params);
	}
}

static int at(enum abi abi, const char *call, const char *name)
{
	return params_index(abi, (unsigned int)syscall_id(call), name);
}

static void orders(void)
{
	is_int(at(ABI_X86_64, "clone", "flags"), 0, "clone");
	is_int(at(ABI_X86_64, "clone", "tls"), 4, "tls is the last parameter");
	is_int(at(ABI_X32, "clone", "tls"), 4, "on x32, too");
	is_int(at(ABI_X86, "clone", "tls"), 3, "but not on i386");
	is_int(at(ABI_AARCH64, "clone", "tls"), 3, "arm64");
	is_int(at(ABI_RISCV64, "clone", "tls"), 3, "and riscv");
	is_int(at(ABI_S390X, "clone", "flags"), 1, "on s390x flags is the second parameter");
	is_int(at(ABI_S390X, "clone", "clone_flags"), 1, "also by the kernel's name");
	is_int(at(ABI_X86, "mmap", "prot"), -1, "i386's mmap has one pointer as parameter");
	is_int(at(ABI_X86, "mmap2", "prot"), 2, "its mmap2 has six parameters");
	is_int(at(ABI_ARM, "pread64", "pos_lo"), 4, "arm aligns 64-bit numbers");
	is_int(at(ABI_X86, "pread64", "pos_lo"), 3, "i386 does not");
	is_int(at(ABI_X86_64, "ioctl", "request"), 1, "the manual's word");
	is_int(at(ABI_X86_64, "ioctl", "cmd"), 1, "the kernel's");
	is_int(at(ABI_X86_64, "socket", "domain"), 0, "socket's domain");
	is_int(at(ABI_X86_64, "openat", "dirfd"), 0, "a name that many calls use");
	is_int(at(ABI_X86_64, "getpid", "pid"), -1, "none");
	is_int(at(ABI_X86_64, "read", ""), -1, "no name");
	is_int(at(ABI_MIPS, "read", "count"), 2, "a foreign architecture has the usual order");
}

static void kinds(void)
{
	struct param p;

	ok(params_get(ABI_X86_64, (unsigned int)syscall_id("read"), 0, &p) && p.kind == PARAM_FD,
	   "a descriptor");
	ok(params_get(ABI_X86_64, (unsigned int)syscall_id("read"), 1, &p) &&
		   p.kind == PARAM_POINTER,
	   "a pointer");
	ok(params_get(ABI_X86_64, (unsigned int)syscall_id("kill"), 0, &p) && p.kind == PARAM_PID,
	   "a process");
	ok(params_get(ABI_X86_64, (unsigned int)syscall_id("kill"), 1, &p) && p.has_set &&
		   p.set == SET_signal,
	   "a signal");
	ok(!params_get(ABI_X86_64, (unsigned int)syscall_id("kill"), 2, &p), "no third");
}

int main(void)
{
	complete();
	orders();
	kinds();
	return done();
}
