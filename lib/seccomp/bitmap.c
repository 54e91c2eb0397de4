/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what the kernel finds out about a filter when it is installed: for each number it follows
 * the program as seccomp_is_const_allow() in kernel/seccomp.c does, which knows few instructions
 * and gives up at every other one.
 */
#include "seccomp/bitmap.h"

#include "seccomp/syscall.h"

#include <linux/seccomp.h>

/* What one instruction of a known kind does. */
enum step { GO_ON, RETURN, READS_MORE };

static bool holds(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGE:
		return a >= k;
	case BPF_JGT:
		return a > k;
	default:
		return a & k;
	}
}

static enum step follow(const struct sock_filter *f, uint32_t nr, uint32_t audit, uint32_t *a,
			size_t *at)
{
	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (f->k != offsetof(struct seccomp_data, nr) &&
		    f->k != offsetof(struct seccomp_data, arch))
			return READS_MORE;
		*a = f->k == offsetof(struct seccomp_data, nr) ? nr : audit;
		return GO_ON;
	case BPF_ALU | BPF_AND | BPF_K:
		*a &= f->k;
		return GO_ON;
	case BPF_JMP | BPF_JA:
		*at += f->k;
		return GO_ON;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		*at += holds(f->code, *a, f->k) ? f->jt : f->jf;
		return GO_ON;
	case BPF_RET | BPF_K:
		return RETURN;
	default:
		return READS_MORE;
	}
}

enum bitmap_answer bitmap_serves(const struct bpf_program *program, enum abi abi, uint32_t nr)
{
	uint32_t a = 0;

	if (nr >= syscall_end(abi))
		return BITMAP_HAS_NO_NUMBER;
	for (size_t i = 0; i < program->len; i++) {
		const struct sock_filter *f = &program->code[i];

		switch (follow(f, nr, arch_abi(abi)->audit, &a, &i)) {
		case RETURN:
			return f->k == SECCOMP_RET_ALLOW ? BITMAP_SERVES : BITMAP_NOT_ALLOWED;
		case READS_MORE:
			return BITMAP_READS_MORE;
		case GO_ON:
			break;
		}
	}
	return BITMAP_NOT_ALLOWED;
}
