/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/lift.c on programs of every shape: what is read answers as the interpreter does, for
 * random programs and for the ways in which other sandboxes write theirs.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/lift.h"
#include "seccomp/verdicts.h"

#include <linux/audit.h>
#include <stddef.h>

#include "unit/tap.h"

#define DATA(member) ((uint32_t)offsetof(struct seccomp_data, member))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define AND(k) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, k)
#define JUMP(op, k, jt, jf) BPF_JUMP(BPF_JMP | BPF_##op | BPF_K, k, jt, jf)
#define RET(k) BPF_STMT(BPF_RET | BPF_K, k)

enum { PROGRAMS = 600, LENGTH = 20, SAMPLES = 40 };

static const uint32_t values[] = {
	0,	    1,		2,	    5,		6,	    0xff,
	0x100,	    0x3fffffff, 0x40000000, 0x40000005, 0x7fffffff, 0x80000000,
	0xbfffffff, 0xfffffffe, UINT32_MAX, 0x40000003, 0xc000003e, 0xc000003f,
};
static const uint32_t masks[] = { 0xbfffffff, 0x40000000, 0x3fffffff, 0xff000000,
				  0xfffff000, 0x80000000, 0xf0f00000, UINT32_MAX };
static const uint32_t actions[] = { SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | 1,
				    SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_TRAP };
static uint64_t state = 88172645463325252u;

static uint32_t below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16) % n;
}

static uint32_t value(void)
{
	return values[below(ARRAY_LEN(values))];
}

static uint32_t offset(void)
{
	uint32_t which = below(5);

	return which == 0 ? DATA(arch) : which < 3 ? DATA(nr) : DATA(args) + 4 * below(4);
}

/* The action for one call, as the result of lift() has it. */
static uint32_t lifted_verdict(const struct lifted *l, struct canon *canon,
			       const struct seccomp_data *data)
{
	size_t arch = l->n_archs - 1, range;
	uint32_t action = 0;

	while (l->archs[arch].first > data->arch)
		arch--;
	range = l->archs[arch].start + l->archs[arch].n - 1;
	while (l->ranges[range].first > (uint32_t)data->nr)
		range--;
	canon_ref r = l->ranges[range].decision;

	for (unsigned int i = 0; i < 6; i++)
		r = canon_restrict(canon, r, i, UINT64_MAX, data->args[i]);
	return canon_is_leaf(canon, r, &action) ? action : 0xdead;
}

/* Whether both answer alike for calls that lie on and beside the values that programs ask for. */
static bool agrees(const struct bpf_program *p, const struct lifted *l, struct canon *canon)
{
	for (int i = 0; i < SAMPLES; i++) {
		struct seccomp_data data = { .nr = (int)(value() + below(3) - 1),
					     .arch = value() + below(3) - 1 };

		for (size_t j = 0; j < 6; j++)
			data.args[j] =
				(uint64_t)(value() + below(3) - 1) << 32 | (value() + below(3) - 1);
		if (lifted_verdict(l, canon, &data) == bpf_run(p->code, p->len, &data, NULL))
			continue;
		printf("# nr %x, arch %x, arguments %llx %llx\n", (unsigned int)data.nr, data.arch,
		       (unsigned long long)data.args[0], (unsigned long long)data.args[1]);
		for (size_t pc = 0; pc < p->len; pc++)
			printf("# %zu %s\n", pc, bpf_format(p->code, pc));
		return false;
	}
	return true;
}

static void make_random(struct sock_filter *code)
{
	static const uint16_t tests[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };

	code[0] = (struct sock_filter)LOAD(offset());
	for (uint32_t pc = 1; pc < LENGTH; pc++) {
		uint32_t what = below(10), room = LENGTH - pc - 1;

		if (pc >= LENGTH - 3 || what == 0)
			code[pc] = (struct sock_filter)RET(actions[below(ARRAY_LEN(actions))]);
		else if (what < 4)
			code[pc] = (struct sock_filter)LOAD(offset());
		else if (what == 4)
			code[pc] = (struct sock_filter)AND(masks[below(ARRAY_LEN(masks))]);
		else
			code[pc] =
				(struct sock_filter){ (uint16_t)(BPF_JMP | tests[below(4)] | BPF_K),
						      (uint8_t)below(room < 6 ? room : 6),
						      (uint8_t)below(room < 6 ? room : 6),
						      value() };
	}
}

static void test_random(void)
{
	unsigned int read = 0, refused = 0, wrong = 0;

	for (int i = 0; i < PROGRAMS; i++) {
		struct sock_filter code[LENGTH];
		const struct bpf_program p = { code, LENGTH };
		struct canon canon;
		struct lifted l;

		make_random(code);
		canon_init(&canon);
		err_clear();
		if (lift(&p, &canon, &l) < 0) {
			refused += strstr(err_message(), "too complex") != NULL;
			wrong += !strstr(err_message(), "too complex");
		} else {
			read++;
			wrong += !agrees(&p, &l, &canon);
		}
		arena_reset();
	}
	is_int(wrong, 0, "each answer is the interpreter's");
	ok(read > PROGRAMS / 2, "%u programs are read, %u are too complex", read, refused);
}

/* --- the ways of others ------------------------------------------------------------------- */

struct way {
	const char *name, *refused; /* refused: a part of the message; NULL: it is read */
	struct sock_filter code[12];
};

static const struct way ways[] = {
	{ "x32's bit by JSET",
	  NULL,
	  { LOAD(DATA(arch)), JUMP(JEQ, AUDIT_ARCH_X86_64, 1, 0), RET(SECCOMP_RET_KILL),
	    LOAD(DATA(nr)), JUMP(JSET, 0x40000000, 3, 0), JUMP(JGE, 60, 1, 0),
	    RET(SECCOMP_RET_ALLOW), JUMP(JEQ, 231, 1, 0), RET(SECCOMP_RET_TRAP),
	    RET(SECCOMP_RET_ALLOW) } },
	{ "x32's bit by JGE",
	  NULL,
	  { LOAD(DATA(nr)), JUMP(JGE, 0x40000000, 0, 1), RET(SECCOMP_RET_KILL), JUMP(JEQ, 0, 0, 1),
	    RET(SECCOMP_RET_ALLOW), RET(SECCOMP_RET_TRAP) } },
	{ "x32's bit taken away by AND",
	  NULL,
	  { LOAD(DATA(nr)), AND(0xbfffffff), JUMP(JEQ, 5, 2, 0), JUMP(JGT, 0xfe, 0, 1),
	    RET(SECCOMP_RET_KILL), RET(SECCOMP_RET_ALLOW) } },
	{ "the architecture after the number",
	  NULL,
	  { LOAD(DATA(nr)), JUMP(JEQ, 5, 0, 3), LOAD(DATA(arch)),
	    JUMP(JEQ, AUDIT_ARCH_X86_64, 0, 1), RET(SECCOMP_RET_ALLOW), RET(SECCOMP_RET_KILL) } },
	{ "high half before low half, masked and compared by size",
	  NULL,
	  { LOAD(DATA(args) + 4), JUMP(JEQ, 0, 0, 4), LOAD(DATA(args)), AND(0xf00f),
	    JUMP(JGT, 0x2fff, 1, 0), RET(SECCOMP_RET_ALLOW), RET(SECCOMP_RET_TRAP) } },
	{ "low half before high half",
	  NULL,
	  { LOAD(DATA(args)), JUMP(JSET, 0xfe, 3, 0), LOAD(DATA(args) + 4), JUMP(JEQ, 0, 0, 1),
	    RET(SECCOMP_RET_ALLOW), RET(SECCOMP_RET_KILL) } },
	{ "the address of the call",
	  "address of the call",
	  { LOAD(DATA(instruction_pointer)), JUMP(JEQ, 5, 0, 1), RET(SECCOMP_RET_ALLOW),
	    RET(SECCOMP_RET_KILL) } },
	{ "arithmetic",
	  "not an instruction that can be read",
	  { LOAD(DATA(nr)), BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 5), JUMP(JEQ, 5, 0, 1),
	    RET(SECCOMP_RET_ALLOW), RET(SECCOMP_RET_KILL) } },
	{ "each second number",
	  "too complex",
	  { LOAD(DATA(nr)), AND(1), JUMP(JEQ, 1, 0, 1), RET(SECCOMP_RET_ALLOW),
	    RET(SECCOMP_RET_KILL) } },
};

static void test_ways(void)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		const struct way *w = &ways[i];
		struct bpf_program p = { w->code, 0 };
		struct canon canon;
		struct lifted l;

		while (w->code[p.len].code)
			p.len++;
		canon_init(&canon);
		err_clear();
		int r = lift(&p, &canon, &l);

		if (w->refused)
			ok(r < 0 && strstr(err_message(), w->refused), "refused: %s", w->name);
		else
			ok(r == 0 && agrees(&p, &l, &canon), "read: %s%s%s", w->name,
			   r < 0 ? ": " : "", r < 0 ? err_message() : "");
	}
}

int main(void)
{
	test_ways();
	test_random();
	return done();
}
