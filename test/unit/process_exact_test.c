/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first filter of a process that others can see: it allows the exact calls of the last steps
 * and gives the profile's answer for all other calls.
 */
#include "base/arena.h"
#include "base/sys.h"
#include "process/early.h"
#include "process/exact.h"
#include "process/final.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define RET(k) BPF_STMT(BPF_RET | BPF_K, k)

enum { POINTER_LOW = 0x5000, OTHER_ARCH = 0x40000003 };
static const uint64_t pointer = 0x7fff00005000ULL;

static const struct exact_call calls[] = {
	{ SYS_setsid, { { EXACT_ANY, 0 } } },
	{ SYS_ioctl, { EXACT_INT(0), EXACT_INT(0x540e), EXACT_LONG(0) } },
	{ SYS_futex, { EXACT_POINTER(0x7fff00005000ULL), EXACT_INT(0), EXACT_INT(0) } },
};

/* Denies everything except execve. The errno in an answer tells which program gave it. */
static const struct sock_filter code[] = {
	LOAD(nr),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
	RET(SECCOMP_RET_ALLOW),
	RET(SECCOMP_RET_ERRNO | 77),
};
static const struct filter profile = { .code = code, .len = ARRAY_LEN(code), .flags = ~0U };

static uint32_t answer(const struct filter *f, long nr, uint64_t a0, uint64_t a1, uint64_t a2)
{
	const struct seccomp_data data = { .nr = (int)nr,
					   .arch = SYS_AUDIT_ARCH,
					   .args = { a0, a1, a2, 9, 9, 9 } };

	return bpf_run(f->code, f->len, &data, NULL);
}

static void test_calls(const struct filter *f)
{
	const uint32_t no = SECCOMP_RET_ERRNO | 77, yes = SECCOMP_RET_ALLOW;

	is_int(answer(f, SYS_execve, 1, 2, 3), yes, "a call that the profile allows");
	is_int(answer(f, SYS_setsid, 1, 2, 3), yes, "a call without arguments");
	is_int(answer(f, SYS_getsid, 0, 0, 0), no, "a call that is not in the list");
	is_int(answer(f, SYS_ioctl, 0, 0x540e, 0), yes, "a call with its arguments");
	is_int(answer(f, SYS_ioctl, 1, 0x540e, 0), no, "another descriptor");
	is_int(answer(f, SYS_ioctl, 0, 0x5412, 0), no, "another request (TIOCSTI)");
	is_int(answer(f, SYS_ioctl, 0, 0x540e, 1), no, "another long argument");
	is_int(answer(f, SYS_ioctl, 0, 0x540e, 1ULL << 32), no, "its upper half is compared");
	is_int(answer(f, SYS_ioctl, 1ULL << 32, 0x540e, 0), yes,
	       "the half that the kernel ignores");
	is_int(answer(f, SYS_futex, pointer, 0, 0), yes, "a pointer");
	is_int(answer(f, SYS_futex, POINTER_LOW, 0, 0), no,
	       "a value with only the same lower half");
	is_int(answer(f, SYS_futex, pointer + 4, 0, 0), no, "its neighbour");

	const struct seccomp_data foreign = { .nr = SYS_setsid, .arch = OTHER_ARCH };

	is_int(bpf_run(f->code, f->len, &foreign, NULL), no, "the number on another architecture");
	/* x32: the same number and bit 30 */
	is_int(answer(f, SYS_setsid | 0x40000000, 0, 0, 0), no, "the number of another ABI");
}

/* Every number gets one answer or the other. */
static void test_numbers(const struct filter *f)
{
	bool good = true;

	for (int nr = -2; nr < 1200; nr++) {
		uint32_t got = answer(f, nr, 3, 4, 5), want = answer(&profile, nr, 3, 4, 5);

		good &= got == (nr == SYS_setsid ? SECCOMP_RET_ALLOW : want);
	}
	ok(good, "every other number is answered as by the profile");
}

static void test_limits(void)
{
	const struct filter *f;
	struct sock_filter *longest = arena_array(BPF_MAXINSNS, sizeof(*longest));
	struct filter large = { .code = longest, .len = BPF_MAXINSNS };
	const struct sock_filter odd[] = { BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1), RET(0) };
	const struct filter accumulator = { .code = odd, .len = ARRAY_LEN(odd) };

	for (size_t i = 0; i < BPF_MAXINSNS; i++)
		longest[i] = (struct sock_filter)RET(0);
	is_int(early_front(&large, calls, ARRAY_LEN(calls), &f), -E2BIG,
	       "too long for both programs");
	large.len = BPF_MAXINSNS - EXACT_CODE_MAX(ARRAY_LEN(calls));
	is_int(early_front(&large, calls, ARRAY_LEN(calls), &f), 0, "the longest that fits");
	is_int(early_front(&accumulator, calls, ARRAY_LEN(calls), &f), -EINVAL,
	       "a program that expects the accumulator to be 0");
}

int main(void)
{
	const struct filter *f;

	if (!ok(early_front(&profile, calls, ARRAY_LEN(calls), &f) == 0, "the filter is made"))
		return done();
	is_int(bpf_first_bad(f->code, f->len), -1, "the kernel would accept it");
	is_int(f->flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	       "keeps only this flag: no listener, no log");
	ok(exact_is_allowed(calls, ARRAY_LEN(calls), f->code, f->len), "it allows the list");
	ok(!exact_is_allowed(calls, ARRAY_LEN(calls), code, ARRAY_LEN(code)),
	   "the profile does not");
	test_calls(f);
	test_numbers(f);
	test_limits();
	return done();
}
