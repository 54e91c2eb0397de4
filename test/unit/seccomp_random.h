/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random profiles whose rules never contradict each other, each a function of its number, so
 * that two processes can make the same ones.
 */
#ifndef TEST_UNIT_SECCOMP_RANDOM_H
#define TEST_UNIT_SECCOMP_RANDOM_H

#include "base/arena.h"

#include "runtime/state.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_oracle.h"

static uint64_t state;

static uint32_t below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16) % n;
}

static const uint32_t actions[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 13, SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_TRAP,  SECCOMP_RET_LOG,	  SECCOMP_RET_TRACE | 5,  SECCOMP_RET_KILL_THREAD,
};

/* Settings of one profile: every rule has one name, so that rules of one call are evaluated
 * together. */
enum { RULES = 48, CONDITIONS = 3 };
static struct rule rules[RULES];
static struct condition conditions[RULES][CONDITIONS];
static const char *name_of_rule[RULES];

static uint64_t value(void)
{
	static const uint64_t edges[] = {
		0, 1, 2, 7, 16, 38, 40, 0xff, 0x8000, 0x20000, 0x7e020000, 0x7fffffff, 0x80000000,
	};
	static const uint64_t wide[] = { 0xffffffff,	     0x100000000, 0x100000005,
					 0x8000000000000000, UINT64_MAX,  0xfffffffffffffff8,
					 0x7fffffffffffffff };

	return below(24) ? edges[below(ARRAY_LEN(edges))] : wide[below(ARRAY_LEN(wide))];
}

static struct rule *add_rule(struct profile *p, const char *name, uint32_t action)
{
	struct rule *r = &rules[p->n_rules];

	name_of_rule[p->n_rules] = name;
	*r = (struct rule){ .action = action,
			    .index = (uint32_t)p->n_rules,
			    .n_names = 1,
			    .names = &name_of_rule[p->n_rules],
			    .conditions = conditions[p->n_rules] };
	p->n_rules++;
	return r;
}

static void add_condition(struct rule *r, unsigned int index, enum seccomp_op op, uint64_t v)
{
	uint64_t two = op == SECCOMP_OP_MASKED_EQ ? v & value() : 0;

	conditions[r->index][r->n_conditions++] = (struct condition){ (uint8_t)index, op, v, two };
}

/* Rules for one call that never contradict each other. */
static void add_call(struct profile *p, const char *name)
{
	uint32_t action = actions[below(ARRAY_LEN(actions))], kind = below(7), index = below(3);
	uint64_t v = value();
	struct rule *r = add_rule(p, name, action);

	switch (kind) {
	case 0: /* a single condition, any operator */
	case 1:
		add_condition(r, index, 1 + below(7), v);
		break;
	case 2: /* and */
		add_condition(r, index, 1 + below(7), v);
		add_condition(r, (index + 1) % 4, 1 + below(7), value());
		break;
	case 3: /* or, by repetition */
		add_condition(r, index, SECCOMP_OP_EQ, v);
		add_condition(r, index, SECCOMP_OP_EQ, v + 1);
		break;
	case 4: /* other values, other actions */
		add_condition(r, index, SECCOMP_OP_EQ, v);
		r = add_rule(p, name, actions[below(ARRAY_LEN(actions))]);
		add_condition(r, index, SECCOMP_OP_EQ, v + 1 + below(3));
		break;
	case 5: /* below and above */
		add_condition(r, index, SECCOMP_OP_LT, v);
		r = add_rule(p, name, actions[below(ARRAY_LEN(actions))]);
		add_condition(r, index, SECCOMP_OP_GE, v);
		break;
	default:
		break;
	}
}

/* libseccomp 2.5.4 does not load the number if it does not have the first call of an
 * architecture; all following comparisons are then wrong. So only calls that exist on every
 * architecture are used. */
static bool everywhere(const enum abi *group, unsigned int id)
{
	/* libseccomp takes a rule by this machine's number of the call, which may be missing for
	 * calls of other architectures, or shared by two calls. */
	int here = seccomp_syscall_resolve_name(syscall_name(id));
	char *back = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), here);
	bool same = back && strcmp(back, syscall_name(id)) == 0;

	free(back);
	if (!same)
		return false;
	for (int i = 0; i < 3; i++) {
		struct syscall_mux mux;
		int nr =
			seccomp_syscall_resolve_name_arch(oracle_token(group[i]), syscall_name(id));

		if (nr == __NR_SCMP_ERROR || (nr < 0 && (!syscall_mux(group[i], id, &mux) ||
							 syscall_nr(group[i], id) == SYSCALL_NONE)))
			return false;
	}
	return true;
}

__attribute__((unused)) static void make_random(unsigned int number, struct profile *ret,
						enum abi *ret_native)
{
	static const enum abi groups[][3] = {
		{ ABI_X86_64, ABI_X86, ABI_X32 },
		{ ABI_X86_64, ABI_X86_64, ABI_X86_64 },
		{ ABI_AARCH64, ABI_ARM, ABI_ARM },
		{ ABI_RISCV64, ABI_RISCV64, ABI_RISCV64 },
		{ ABI_PPC64LE, ABI_PPC64LE, ABI_PPC64LE },
		{ ABI_X86, ABI_X86, ABI_X86 },
		{ ABI_ARM, ABI_ARM, ABI_ARM },
	};
	const enum abi *group;

	state = 88172645463325252 + number * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < 8; i++)
		below(2);
	group = groups[below(ARRAY_LEN(groups))];
	*ret_native = group[0];
	*ret = (struct profile){
		.place = arena_printf("random %u", number),
		.default_action = actions[below(6)],
		.n_abis = 3,
		.abis = { group[0], group[1], group[2] },
		.rules = rules,
	};
	unsigned int first = below(syscall_count()), n = 1 + below(20);

	for (unsigned int i = 0; i < n; i++) { /* 61: no call occurs twice */
		unsigned int id = (first + 61 * i) % syscall_count();

		if (everywhere(group, id))
			add_call(ret, syscall_name(id));
	}
}

#endif
