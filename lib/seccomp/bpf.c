/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the meaning of instructions, according to Documentation/networking/filter.rst and the
 * kernel's checker for seccomp (seccomp_check_filter(): only words of struct seccomp_data, no
 * packet loads). The interpreter is used for tests, answers and explanations. The program may come
 * from anywhere, so it must have passed bpf_first_bad().
 */
#include "seccomp/bpf.h"

#include "base/arena.h"

#include <string.h>

enum { LD_ABS = BPF_LD | BPF_W | BPF_ABS };

/* --- checking ----------------------------------------------------------------------------- */

static bool op_known(const struct sock_filter *f)
{
	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
		return f->code == (BPF_LD | BPF_IMM) || f->code == (BPF_LD | BPF_MEM) ||
		       f->code == (BPF_LD | BPF_W | BPF_LEN) ||
		       (f->code == LD_ABS && f->k % 4 == 0 && f->k < sizeof(struct seccomp_data));
	case BPF_LDX:
		return f->code == (BPF_LDX | BPF_IMM) || f->code == (BPF_LDX | BPF_MEM) ||
		       f->code == (BPF_LDX | BPF_W | BPF_LEN);
	case BPF_ST:
	case BPF_STX:
		return f->code == BPF_ST || f->code == BPF_STX;
	case BPF_ALU:
		return (f->code & ~0xff) == 0 && BPF_OP(f->code) <= BPF_XOR &&
		       BPF_OP(f->code) != BPF_MOD &&
		       !(f->code == (BPF_ALU | BPF_DIV | BPF_K) && f->k == 0);
	case BPF_JMP:
		return (f->code & ~0xff) == 0 && BPF_OP(f->code) <= BPF_JSET &&
		       f->code != (BPF_JMP | BPF_JA | BPF_X);
	case BPF_RET:
		return f->code == (BPF_RET | BPF_K) || f->code == (BPF_RET | BPF_A);
	default:
		return f->code == (BPF_MISC | BPF_TAX) || f->code == (BPF_MISC | BPF_TXA);
	}
}

static bool targets_inside(const struct sock_filter *f, size_t left)
{
	if (BPF_CLASS(f->code) != BPF_JMP)
		return left > 0 || BPF_CLASS(f->code) == BPF_RET;
	if (f->code == (BPF_JMP | BPF_JA))
		return f->k < left;
	return f->jt < left && f->jf < left;
}

static bool memory_inside(const struct sock_filter *f)
{
	bool uses = BPF_CLASS(f->code) == BPF_ST || BPF_CLASS(f->code) == BPF_STX ||
		    f->code == (BPF_LD | BPF_MEM) || f->code == (BPF_LDX | BPF_MEM);

	return !uses || f->k < BPF_MEMWORDS;
}

int bpf_first_bad(const struct sock_filter *code, size_t len)
{
	if (len == 0 || len > BPF_MAXINSNS)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (!op_known(&code[i]) || !targets_inside(&code[i], len - i - 1) ||
		    !memory_inside(&code[i]))
			return (int)i;
	return -1;
}

/* --- running ------------------------------------------------------------------------------ */

struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static uint32_t compute(uint16_t op, uint32_t a, uint32_t b)
{
	switch (BPF_OP(op)) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_OR:
		return a | b;
	case BPF_AND:
		return a & b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	case BPF_XOR:
		return a ^ b;
	default:
		return -a;
	}
}

static bool compare(uint16_t op, uint32_t a, uint32_t b)
{
	switch (BPF_OP(op)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default:
		return a & b;
	}
}

static uint32_t load(const struct machine *m, const struct sock_filter *f,
		     const struct seccomp_data *data)
{
	uint32_t word;

	switch (BPF_MODE(f->code)) {
	case BPF_IMM:
		return f->k;
	case BPF_MEM:
		return m->memory[f->k];
	case BPF_LEN:
		return sizeof(*data);
	default:
		memcpy(&word, (const char *)data + f->k, sizeof(word));
		return word;
	}
}

/* Executes an instruction that is neither a jump nor a return. */
static void step(struct machine *m, const struct sock_filter *f, const struct seccomp_data *data)
{
	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
		m->a = load(m, f, data);
		break;
	case BPF_LDX:
		m->x = load(m, f, data);
		break;
	case BPF_ST:
		m->memory[f->k] = m->a;
		break;
	case BPF_STX:
		m->memory[f->k] = m->x;
		break;
	case BPF_ALU:
		m->a = compute(f->code, m->a, BPF_SRC(f->code) == BPF_X ? m->x : f->k);
		break;
	default:
		if (f->code == (BPF_MISC | BPF_TAX))
			m->x = m->a;
		else
			m->a = m->x;
	}
}

uint32_t bpf_trace(const struct sock_filter *code, size_t len, const struct seccomp_data *data,
		   void (*visit)(void *ctx, const struct bpf_step *step), void *ctx)
{
	struct machine m = { 0 };

	for (size_t i = 0, next; i < len; i = next) {
		const struct sock_filter *f = &code[i];
		bool ends = BPF_CLASS(f->code) == BPF_RET;

		next = i + 1;
		if (f->code == (BPF_JMP | BPF_JA))
			next += f->k;
		else if (BPF_CLASS(f->code) == BPF_JMP)
			next += compare(f->code, m.a, BPF_SRC(f->code) == BPF_X ? m.x : f->k)
					? f->jt
					: f->jf;
		else if (!ends)
			step(&m, f, data);
		if (visit)
			visit(ctx, &(struct bpf_step){ i, next, m.a });
		if (ends)
			return f->code == (BPF_RET | BPF_A) ? m.a : f->k;
	}
	return SECCOMP_RET_KILL_PROCESS; /* not reached by a program that the kernel accepts */
}

static void count_step(void *ctx, const struct bpf_step *step not_used)
{
	uint32_t *n = ctx;

	(*n)++;
}

uint32_t bpf_run(const struct sock_filter *code, size_t len, const struct seccomp_data *data,
		 uint32_t *steps)
{
	if (steps)
		*steps = 0;
	return bpf_trace(code, len, data, steps ? count_step : NULL, steps);
}

/* --- reading ------------------------------------------------------------------------------ */

static const char *word_name(uint32_t k)
{
	static const char *const names[] = { "nr",   "arch",   "ip",   "ip+4",	 "arg0", "arg0+4",
					     "arg1", "arg1+4", "arg2", "arg2+4", "arg3", "arg3+4",
					     "arg4", "arg4+4", "arg5", "arg5+4" };

	return k / 4 < ARRAY_LEN(names) ? names[k / 4] : "?";
}

static const char *format_load(const struct sock_filter *f)
{
	const char *to = BPF_CLASS(f->code) == BPF_LD ? "ld" : "ldx";

	switch (BPF_MODE(f->code)) {
	case BPF_IMM:
		return arena_printf("%s #0x%x", to, f->k);
	case BPF_MEM:
		return arena_printf("%s M[%u]", to, f->k);
	case BPF_LEN:
		return arena_printf("%s len", to);
	default:
		return arena_printf("%s %s", to, word_name(f->k));
	}
}

static const char *format_jump(const struct sock_filter *f, size_t i)
{
	static const char *const names[] = { "ja", "jeq", "jgt", "jge", "jset" };
	const char *name = names[BPF_OP(f->code) >> 4];

	if (f->code == (BPF_JMP | BPF_JA))
		return arena_printf("ja %zu", i + 1 + f->k);
	if (BPF_SRC(f->code) == BPF_X)
		return arena_printf("%s x, %zu, %zu", name, i + 1 + f->jt, i + 1 + f->jf);
	return arena_printf("%s 0x%x, %zu, %zu", name, f->k, i + 1 + f->jt, i + 1 + f->jf);
}

const char *bpf_action(uint32_t action)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		return "KILL_PROCESS";
	case SECCOMP_RET_KILL_THREAD:
		return "KILL_THREAD";
	case SECCOMP_RET_TRAP:
		return "TRAP";
	case SECCOMP_RET_ERRNO:
		return arena_printf("ERRNO(%u)", data);
	case SECCOMP_RET_USER_NOTIF:
		return "NOTIFY";
	case SECCOMP_RET_TRACE:
		return arena_printf("TRACE(%u)", data);
	case SECCOMP_RET_LOG:
		return "LOG";
	case SECCOMP_RET_ALLOW:
		return "ALLOW";
	default:
		return arena_printf("0x%x", action);
	}
}

uint32_t bpf_longest(const struct sock_filter *code, size_t len)
{
	uint32_t *longest = arena_array(len + 1, sizeof(*longest));

	/* from the end: jumps only go forward */
	for (size_t i = len; i-- > 0;) {
		const struct sock_filter *f = &code[i];
		uint32_t yes = longest[i + 1], no = yes;

		if (f->code == (BPF_JMP | BPF_JA))
			yes = no = longest[i + 1 + f->k];
		else if (BPF_CLASS(f->code) == BPF_JMP) {
			yes = longest[i + 1 + f->jt];
			no = longest[i + 1 + f->jf];
		}
		longest[i] = 1 + (yes > no ? yes : no);
		if (BPF_CLASS(f->code) == BPF_RET)
			longest[i] = 1;
	}
	return longest[0];
}

const char *bpf_format(const struct sock_filter *code, size_t i)
{
	static const char *const alu[] = { "add", "sub", "mul", "div", "or", "and",
					   "lsh", "rsh", "neg", "mod", "xor" };
	const struct sock_filter *f = &code[i];

	if (!op_known(f))
		return arena_printf("bad 0x%x, 0x%x", f->code, f->k);
	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
	case BPF_LDX:
		return format_load(f);
	case BPF_ST:
		return arena_printf("st M[%u]", f->k);
	case BPF_STX:
		return arena_printf("stx M[%u]", f->k);
	case BPF_ALU:
		return BPF_SRC(f->code) == BPF_X
			       ? arena_printf("%s x", alu[BPF_OP(f->code) >> 4])
			       : arena_printf("%s #0x%x", alu[BPF_OP(f->code) >> 4], f->k);
	case BPF_JMP:
		return format_jump(f, i);
	case BPF_RET:
		return f->code == (BPF_RET | BPF_A) ? "ret a"
						    : arena_printf("ret %s", bpf_action(f->k));
	default:
		return f->code == (BPF_MISC | BPF_TAX) ? "tax" : "txa";
	}
}
