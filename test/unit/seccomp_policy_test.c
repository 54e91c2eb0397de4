/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/policy.c and the following stages, on random profiles: the model, the policy, the
 * program and the prover must agree on every existing number, on the numbers around them, and on
 * arguments at the bounds of every condition.
 */
#include "base/arena.h"
#include "base/err.h"
#include "runtime/state.h"
#include "seccomp/bpf.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"
#include "seccomp/prove.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_model.h"
#include "unit/tap.h"

enum { PROFILES = 4000, RULES = 8, CONDITIONS = 4 };

static uint64_t state = 88172645463325252;

static uint32_t below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

static const uint64_t edges[] = { 0,
				  1,
				  2,
				  5,
				  0x7fffffff,
				  0x80000000,
				  0x80000001,
				  0xfffffffe,
				  0xffffffff,
				  0x100000000,
				  0x100000001,
				  0x100000005,
				  0x1ffffffff,
				  0x7fffffffffffffff,
				  0x8000000000000000,
				  0xffffffff7fffffff,
				  0xffffffff80000000,
				  0xffffffff80000001,
				  0xfffffffffffffffe,
				  0xffffffffffffffff };
static const uint32_t actions[] = { SECCOMP_RET_ALLOW,	     SECCOMP_RET_ERRNO | 1,
				    SECCOMP_RET_ERRNO | 13,  SECCOMP_RET_KILL_PROCESS,
				    SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
				    SECCOMP_RET_USER_NOTIF,  SECCOMP_RET_TRACE | 7,
				    SECCOMP_RET_LOG,	     SECCOMP_RET_ERRNO | 0 };
/* Aliases, narrow and wide parameters, multiplexers and their calls. */
static const char *const names[] = { "socket",	   "socketcall", "ipc",	  "shmat",   "semop",
				     "lseek",	   "clone",	 "ioctl", "kill",    "personality",
				     "mmap",	   "sendfile",	 "read",  "no_such", "accept",
				     "newfstatat", "recvmsg",	 "fcntl", "umount",  "umount2" };

static struct condition conditions[RULES][CONDITIONS];
static struct rule rules[RULES];

static const struct profile *random_profile(void)
{
	static struct profile p;
	static const enum abi abis[] = { ABI_X86_64, ABI_X86, ABI_X32, ABI_AARCH64, ABI_S390X };

	p = (struct profile){ .place = "test", .rules = rules, .n_rules = 1 + below(RULES) };
	p.default_action = actions[below(ARRAY_LEN(actions))];
	for (size_t i = 0; i < ARRAY_LEN(abis); i++)
		if (below(2))
			p.abis[p.n_abis++] = abis[i];
	for (size_t i = 0; i < p.n_rules; i++) {
		rules[i] = (struct rule){ .action = actions[below(ARRAY_LEN(actions))],
					  .index = (uint32_t)i,
					  .n_names = 1 + below(2),
					  .names = &names[below(ARRAY_LEN(names) - 1)],
					  .n_conditions = below(CONDITIONS),
					  .conditions = conditions[i] };
		if (i && below(2)) /* overlapping rules are the interesting ones */
			rules[i].names = rules[0].names;
		for (uint32_t j = 0; j < rules[i].n_conditions; j++)
			conditions[i][j] = (struct condition){
				.index = (uint8_t)below(3),
				.op = (enum seccomp_op)(1 + below(7)),
				.value = edges[below(ARRAY_LEN(edges))],
				.value_two = edges[below(ARRAY_LEN(edges))],
			};
	}
	return &p;
}

static bool same(const struct profile *p, const struct policy *policy,
		 const struct bpf_program *prog, const struct seccomp_data *d)
{
	uint32_t model = model_verdict(p, ABI_X86_64, d), defined = policy_verdict(policy, d);
	uint32_t got = bpf_run(prog->code, prog->len, d, NULL);

	if (model == defined && defined == got)
		return true;
	printf("# arch 0x%x nr %d args 0x%llx 0x%llx 0x%llx: model %s, policy %s, program %s\n",
	       d->arch, d->nr, (unsigned long long)d->args[0], (unsigned long long)d->args[1],
	       (unsigned long long)d->args[2], bpf_action(model), bpf_action(defined),
	       bpf_action(got));
	for (size_t i = 0; i < p->n_rules; i++) {
		printf("#  %s %s", bpf_action(p->rules[i].action), p->rules[i].names[0]);
		for (uint32_t j = 0; j < p->rules[i].n_conditions; j++) {
			const struct condition *c = &p->rules[i].conditions[j];

			printf(" a%d op%d 0x%llx 0x%llx", c->index, c->op,
			       (unsigned long long)c->value, (unsigned long long)c->value_two);
		}
		printf("\n");
	}
	return false;
}

/* A value at, just below or just above a bound, or with one more bit. */
static uint64_t probe(void)
{
	uint64_t v = edges[below(ARRAY_LEN(edges))];

	switch (below(4)) {
	case 0:
		return v + 1;
	case 1:
		return v - 1;
	case 2:
		return v ^ UINT64_C(1) << below(64);
	default:
		return v;
	}
}

static bool agree(const struct profile *p, const struct policy *policy,
		  const struct bpf_program *prog)
{
	static const enum abi abis[] = { ABI_X86_64, ABI_X86, ABI_X32, ABI_AARCH64, ABI_S390X };
	bool good = true;

	for (size_t a = 0; a < ARRAY_LEN(abis); a++)
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			const struct arch_abi *info = arch_abi(abis[a]);
			int id = syscall_id(names[i]);
			uint32_t nr = id < 0 ? below(600) : syscall_nr(abis[a], (unsigned int)id);

			if (nr == SYSCALL_NONE)
				continue;
			for (int k = 0; k < 8; k++) {
				struct seccomp_data d = { .nr = (int)(nr | info->nr_bit),
							  .arch = info->audit,
							  .args = { probe(), probe(), probe() } };

				if (below(4) == 0) /* the calls of multiplexers */
					d.args[0] = below(26);
				good &= same(p, policy, prog, &d);
			}
		}
	return good;
}

/* Whether the kernel can evaluate every instruction for its bitmap of allowed calls. */
static bool cacheable(const struct bpf_program *p)
{
	for (uint16_t i = 0; i < p->len; i++)
		switch (p->code[i].code) {
		case BPF_LD | BPF_W | BPF_ABS:
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_JMP | BPF_JA:
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
		case BPF_RET | BPF_K:
			break;
		default:
			return false;
		}
	return true;
}

static void test_random(void)
{
	int made = 0, refused = 0, agreed = 0, cached = 0;

	for (int i = 0; i < PROFILES; i++) {
		const struct profile *p = random_profile();
		const struct policy *policy;
		struct bpf_program prog;
		struct tree tree;

		if (policy_make(p, ABI_X86_64, false, &policy) < 0) {
			refused += strstr(err_message(), "the same condition") != NULL;
		} else if (emit(&tree, tree_make(&tree, policy), "test", &prog) == 0 &&
			   bpf_first_bad(prog.code, prog.len) < 0 &&
			   prove(policy, &prog, "test") == 0) {
			made++;
			cached += cacheable(&prog);
			agreed += agree(p, policy, &prog);
		} else {
			printf("# %s\n", err_message());
		}
		err_clear();
		arena_reset();
	}
	is_int(made + refused, PROFILES,
	       "each of %d profiles becomes a proved program or is refused", PROFILES);
	is_int(cached, made,
	       "none has an instruction that the kernel cannot evaluate for its bitmap");
	is_int(agreed, made, "model, policy and program agree on all of %d", made);
}

/* Every number of every ABI, and those around the ends of the tables. */
static void test_numbers(void)
{
	static const char *const allowed[] = { "read", "execve", "exit_group", "openat", "statx" };
	static const struct rule rule = { .action = SECCOMP_RET_ALLOW,
					  .n_names = ARRAY_LEN(allowed),
					  .names = allowed };
	static const uint32_t far[] = { 0x0f0000,   0x0f0001,	0x0f0005,   0x0f0006,	0x3fffffff,
					0x40000000, 0x400001ff, 0x40000200, 0x40000fff, 0x7fffffff,
					0x80000000, 0xbfffffff, 0xfffffffe, 0xffffffff };

	for (size_t a = 0; a < ARRAY_LEN(actions); a++) {
		struct profile p = {
			.place = "test", .default_action = actions[a], .n_rules = 1, .rules = &rule
		};
		const struct policy *policy;
		struct bpf_program prog;
		struct tree tree;
		bool good = true;

		for (int i = 0; i < ABI_OWN; i++)
			p.abis[p.n_abis++] = (enum abi)i;
		good = policy_make(&p, ABI_X86_64, false, &policy) == 0 &&
		       emit(&tree, tree_make(&tree, policy), "test", &prog) == 0 &&
		       prove(policy, &prog, "test") == 0;
		for (int i = 0; good && i < ABI_OWN; i++)
			for (uint32_t nr = 0; nr < 1100 + ARRAY_LEN(far); nr++) {
				const struct arch_abi *info = arch_abi((enum abi)i);
				struct seccomp_data d = { .arch = info->audit,
							  .nr = (int)(nr | info->nr_bit) };

				if (nr >= 1100)
					d.nr = (int)far[nr - 1100];
				good &= same(&p, policy, &prog, &d);
			}
		if (err_message())
			printf("# %s\n", err_message());
		err_clear();
		ok(good, "default %s: all numbers of all ABIs", bpf_action(actions[a]));
		arena_reset();
	}
}

int main(void)
{
	test_numbers();
	test_random();
	return done();
}
