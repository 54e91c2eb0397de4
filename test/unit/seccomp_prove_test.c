/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/prove.c: every single change of a program is either refused with a call that shows
 * the difference, or gives the same result for all tested calls. The interpreter decides.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"
#include "seccomp/prove.h"
#include "unit/tap.h"

#include <errno.h>

enum { BATCH = 64 }; /* mutants between two resets of the arena */

#define NAMES(...)                                     \
	.names = (const char *const[]){ __VA_ARGS__ }, \
	.n_names = ARRAY_LEN(((const char *const[]){ __VA_ARGS__ }))
#define CONDITIONS(...)                                          \
	.conditions = (const struct condition[]){ __VA_ARGS__ }, \
	.n_conditions = ARRAY_LEN(((const struct condition[]){ __VA_ARGS__ }))

static const struct rule rules[] = {
	{ SECCOMP_RET_ALLOW, 0,
	  NAMES("read", "write", "close", "execve", "exit_group", "accept4") },
	{ SECCOMP_RET_ALLOW, 1, NAMES("socket"), CONDITIONS({ 0, SECCOMP_OP_LT, 38, 0 }) },
	{ SECCOMP_RET_ALLOW, 2, NAMES("socket"), CONDITIONS({ 0, SECCOMP_OP_EQ, 39, 0 }) },
	{ SECCOMP_RET_ALLOW, 3, NAMES("clone"),
	  CONDITIONS({ 0, SECCOMP_OP_MASKED_EQ, 0x7e020000, 0 }) },
	{ SECCOMP_RET_ERRNO | ENOSYS, 4, NAMES("clone3", "statx") },
	{ SECCOMP_RET_ALLOW, 5, NAMES("lseek"), CONDITIONS({ 1, SECCOMP_OP_GE, 0x100000005, 0 }) },
	{ SECCOMP_RET_TRAP, 6, NAMES("lseek"),
	  CONDITIONS({ 1, SECCOMP_OP_EQ, 0x200000003, 0 }, { 2, SECCOMP_OP_NE, 1, 0 }) },
	{ SECCOMP_RET_LOG, 7, NAMES("mmap"),
	  CONDITIONS({ 2, SECCOMP_OP_MASKED_EQ, 6, 6 }, { 3, SECCOMP_OP_MASKED_EQ, 0x30, 0x20 }) },
	{ SECCOMP_RET_USER_NOTIF, 8, NAMES("mount", "mkdir") },
};
static const struct profile profile = { .place = "test",
					.default_action = SECCOMP_RET_ERRNO | EPERM,
					.n_abis = 3,
					.abis = { ABI_X86_64, ABI_X86, ABI_X32 },
					.rules = rules,
					.n_rules = ARRAY_LEN(rules) };

static const uint64_t values[] = { 0,	       1,	    37,		 38,	      39,
				   40,	       6,	    0x22,	 0x7e020000,  0x20000,
				   0x80000000, 0x200000003, 0x100000004, 0x100000005, UINT64_MAX };

static bool same_call(const struct bpf_program *a, const struct bpf_program *b, uint32_t arch,
		      uint32_t nr)
{
	struct seccomp_data d = { .arch = arch, .nr = (int)nr };

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		for (int shift = 0; shift < 3; shift++) {
			for (int k = 0; k < 4; k++)
				d.args[k] = values[(i + (size_t)(k * shift)) % ARRAY_LEN(values)];
			if (bpf_run(a->code, a->len, &d, NULL) !=
			    bpf_run(b->code, b->len, &d, NULL))
				return false;
		}
	return true;
}

/* Whether two programs give the same answers for all probes. */
static bool seem_equal(const struct bpf_program *a, const struct bpf_program *b)
{
	static const uint32_t archs[] = { 0, 0x40000003, 0xc000003e, 0xc00000b7, UINT32_MAX };
	static const uint32_t bases[] = { 0, 0x40000000, 0x80000000, 0xfffffe00 };

	for (size_t i = 0; i < ARRAY_LEN(archs); i++)
		for (size_t j = 0; j < ARRAY_LEN(bases); j++)
			for (uint32_t nr = 0; nr < 0x200; nr++)
				if (!same_call(a, b, archs[i], bases[j] + nr))
					return false;
	return true;
}

struct tally {
	int mutants, refused, unreadable, equal, missed, lies;
};

/* For the call that the refusal names, the program and the policy must have different answers. */
static bool witness_holds(const struct policy *policy, const struct bpf_program *mutant)
{
	struct seccomp_data d = { 0 };
	unsigned int arch, nr;
	unsigned long long a[6];

	if (sscanf(err_message(),
		   "test: the filter is wrong: arch 0x%x, number %u, arguments 0x%llx 0x%llx "
		   "0x%llx "
		   "0x%llx 0x%llx 0x%llx",
		   &arch, &nr, a, a + 1, a + 2, a + 3, a + 4, a + 5) != 8)
		return false;
	d.arch = arch;
	d.nr = (int)nr;
	for (int i = 0; i < 6; i++)
		d.args[i] = a[i];
	return policy_verdict(policy, &d) != bpf_run(mutant->code, mutant->len, &d, NULL);
}

static void try_mutant(struct tally *t, const struct policy *policy, const struct bpf_program *good,
		       const struct bpf_program *mutant)
{
	t->mutants++;
	if (prove(policy, mutant, "test") == 0) {
		t->equal++;
		if (!seem_equal(good, mutant)) {
			t->missed++;
			printf("# accepted, and different\n");
		}
	} else if (strstr(err_message(), "the filter is wrong")) {
		t->refused++;
		if (!witness_holds(policy, mutant)) {
			t->lies++;
			printf("# %s: not so\n", err_message());
		}
	} else {
		t->unreadable++;
	}
	err_clear();
}

/* Applies change number n to an instruction; false: there are no more. */
static bool change(struct sock_filter *f, unsigned int n)
{
	static const uint16_t codes[] = { BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGE | BPF_K,
					  BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JSET | BPF_K,
					  BPF_LD | BPF_W | BPF_ABS,  BPF_ALU | BPF_AND | BPF_K,
					  BPF_ALU | BPF_OR | BPF_K,  BPF_RET | BPF_K,
					  BPF_RET | BPF_A,	     BPF_JMP | BPF_JEQ | BPF_X };
	uint8_t jt = f->jt;

	if (n < 32)
		f->k ^= 1u << n;
	else if (n < 42)
		f->code = codes[n - 32];
	else if (n == 42)
		f->k++;
	else if (n == 43)
		f->k--;
	else if (n == 44)
		f->jt++;
	else if (n == 45)
		f->jt--;
	else if (n == 46)
		f->jf++;
	else if (n == 47)
		f->jf--;
	else if (n == 48)
		f->jt = f->jf, f->jf = jt;
	else if (n == 49)
		f->jf = f->jt;
	else if (n == 50)
		f->k = f->k ^ 4;
	else if (n == 51)
		f->k = 0;
	else
		return false;
	return true;
}

static bool make(const struct policy **policy, struct bpf_program *program)
{
	struct tree tree;

	return policy_make(&profile, ABI_X86_64, false, policy) == 0 &&
	       emit(&tree, tree_make(&tree, *policy), "test", program) == 0 &&
	       prove(*policy, program, "test") == 0;
}

static void test_mutants(void)
{
	static struct sock_filter code[BPF_MAXINSNS], good_code[BPF_MAXINSNS];
	struct bpf_program good = { .code = good_code }, mutant = { .code = code }, made;
	const struct policy *policy;
	struct tally t = { 0 };

	if (!ok(make(&policy, &made), "the program itself is proved"))
		return;
	memcpy(good_code, made.code, made.len * sizeof(*code));
	good.len = mutant.len = made.len;
	for (uint16_t i = 0; i < good.len; i++)
		for (unsigned int n = 0;; n++) {
			memcpy(code, good_code, good.len * sizeof(*code));
			if (!change(&code[i], n))
				break;
			if (memcmp(&code[i], &good_code[i], sizeof(*code)) == 0)
				continue;
			if (t.mutants % BATCH == 0) {
				arena_reset();
				if (!make(&policy, &made))
					break;
			}
			try_mutant(&t, policy, &good, &mutant);
		}
	printf("# %d instructions, %d mutants: %d refused with a call that differs, %d unreadable, "
	       "%d equal\n",
	       good.len, t.mutants, t.refused, t.unreadable, t.equal);
	is_int(t.missed, 0, "no program with a wrong answer is accepted");
	is_int(t.lies, 0, "each refusal names a call with a wrong answer");
	ok(t.refused > t.mutants / 2, "most mutants have a wrong answer");
}

static const struct rule write_rule = { SECCOMP_RET_LOG, 0, NAMES("write"),
					CONDITIONS({ 0, SECCOMP_OP_GE, 3, 0 }) };
static const struct profile write_profile = {
	.place = "test", .default_action = SECCOMP_RET_ALLOW, .n_rules = 1, .rules = &write_rule
};

/* A program from another compiler that is equal to its policy is accepted, too. */
static void test_foreign_shape(void)
{
	static const struct sock_filter linear[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc00000b7, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 63, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 64, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffff0000),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, UINT32_MAX, 3, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
	};
	struct bpf_program program = { linear, ARRAY_LEN(linear) };
	const struct policy *policy;

	arena_reset();
	ok(policy_make(&write_profile, ABI_AARCH64, false, &policy) == 0 &&
		   prove(policy, &program, "test") == 0,
	   "a linear program with redundant masks: %s", err_message() ? err_message() : "proved");
	err_clear();
}

/* Bit i of one argument and bit i of another, for many i: a decision diagram must store all bits
 * of the first. Such a profile is only written to exhaust the prover, which must give up in
 * time. */
static void test_too_complex(void)
{
	static struct rule many[24];
	static struct condition pairs[ARRAY_LEN(many)][2];
	struct profile p = { .place = "test",
			     .default_action = SECCOMP_RET_ALLOW,
			     .n_rules = ARRAY_LEN(many),
			     .rules = many };
	static const char *const name = "mmap";
	const struct policy *policy;
	struct bpf_program program;
	struct tree tree;

	arena_reset();
	for (uint8_t i = 0; i < ARRAY_LEN(many); i++) {
		pairs[i][0] = (struct condition){ 0, SECCOMP_OP_MASKED_EQ, 1ull << i, 1ull << i };
		pairs[i][1] = (struct condition){ 1, SECCOMP_OP_MASKED_EQ, 1ull << i, 1ull << i };
		many[i] = (struct rule){ SECCOMP_RET_LOG, i, 1, &name, 2, pairs[i] };
	}
	ok(policy_make(&p, ABI_X86_64, false, &policy) == 0 &&
		   emit(&tree, tree_make(&tree, policy), "test", &program) == 0 &&
		   prove(policy, &program, "test") < 0 && strstr(err_message(), "too complex"),
	   "a profile that is too complex to be proved is refused");
	err_clear();
	arena_reset();
}

int main(void)
{
	test_too_complex();
	test_mutants();
	test_foreign_shape();
	return done();
}
