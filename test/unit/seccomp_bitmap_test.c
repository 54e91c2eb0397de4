/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which calls the kernel's bitmap serves, and the steps of the interpreter. Linux itself cannot be
 * asked for its bitmap; that the built-in filter is served is what tree.c is written for.
 */
#include "seccomp/bitmap.h"

#include "base/arena.h"
#include "seccomp/bpf.h"
#include "seccomp/default.h"
#include "seccomp/filter.h"
#include "seccomp/profile.h"
#include "seccomp/syscall.h"
#include "unit/tap.h"

#include <linux/audit.h>

enum { NR = offsetof(struct seccomp_data, nr), ARGS = offsetof(struct seccomp_data, args) };

static const struct sock_filter always[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
/* getpid (39) allowed, kill (62) by its argument, others not */
static const struct sock_filter some[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 39, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 62, 0, 2),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGS),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
/* an instruction that the kernel's check does not know, though the result is constant */
static const struct sock_filter by_x[] = {
	BPF_STMT(BPF_LDX | BPF_IMM, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static void serves(const char *what, const struct sock_filter *code, size_t len, enum abi abi,
		   uint32_t nr, enum bitmap_answer want)
{
	const struct bpf_program p = { code, (uint16_t)len };

	is_int(bitmap_serves(&p, abi, nr), want, "%s", what);
}

static void count(void *ctx, const struct bpf_step *step)
{
	size_t *last = ctx;

	last[0]++;
	last[1] = step->index;
}

int main(void)
{
	const struct profile_facts facts = { .native = ABI_X86_64, .kernel_major = 6 };
	const struct filter_options o = { .kernel_flags = UINT64_MAX, .machine = "x86_64" };
	struct seccomp_data data = { .nr = 62, .arch = AUDIT_ARCH_X86_64, .args = { 2 } };
	size_t last[2] = { 0, 0 }, served = 0, allowed = 0;
	struct profile profile;
	const struct filter *filter;

	serves("always", always, 1, ABI_X86_64, 39, BITMAP_SERVES);
	serves("beyond the last call", always, 1, ABI_X86_64, 100000, BITMAP_HAS_NO_NUMBER);
	serves("x32", always, 1, ABI_X32, 0x40000027, BITMAP_HAS_NO_NUMBER);
	serves("allowed", some, ARRAY_LEN(some), ABI_X86_64, 39, BITMAP_SERVES);
	serves("denied", some, ARRAY_LEN(some), ABI_X86_64, 40, BITMAP_NOT_ALLOWED);
	serves("by its argument", some, ARRAY_LEN(some), ABI_X86_64, 62, BITMAP_READS_MORE);
	serves("by another register", by_x, ARRAY_LEN(by_x), ABI_X86_64, 39, BITMAP_READS_MORE);

	is_int(bpf_trace(some, ARRAY_LEN(some), &data, count, last), SECCOMP_RET_ERRNO | 1,
	       "the traced answer");
	is_int((long long)last[0], 6, "instructions that are run");
	is_int((long long)last[1], 5, "the last of them");

	ok(default_profile(&facts, &profile) == 0 && filter_compile(&profile, &o, &filter) == 0,
	   "the built-in filter");
	for (uint32_t nr = 0; nr < syscall_end(ABI_X86_64); nr++) {
		const struct bpf_program p = { filter->code, filter->len };
		bool serve = bitmap_serves(&p, ABI_X86_64, nr) == BITMAP_SERVES;

		data.nr = (int)nr;
		allowed += bpf_run(p.code, p.len, &data, NULL) == SECCOMP_RET_ALLOW;
		served += serve;
	}
	ok(served > 250 && served <= allowed && allowed - served < 5,
	   "nearly all calls that it allows are served (%zu of %zu)", served, allowed);
	return done();
}
