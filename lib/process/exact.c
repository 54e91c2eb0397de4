/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the instructions that allow single system calls. What must hold: no call with another
 * number, architecture or argument is allowed. Each call is a block of its own: it compares the
 * number, then each argument in 32-bit halves, then returns. A mismatch jumps behind the block.
 */
#include "process/exact.h"

#include "base/sys.h"
#include "seccomp/bpf.h"

#include <linux/seccomp.h>
#include <stddef.h>

static struct sock_filter load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

/* Continues if the accumulator equals k, else skips the next n instructions. */
static struct sock_filter unless(uint32_t k, size_t n)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, (uint8_t)n);
}

static size_t half(unsigned int arg, bool high)
{
	bool first = high == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	return offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + (first ? 0 : 4);
}

static unsigned int halves(const struct exact_call *call, unsigned int arg)
{
	switch (call->args[arg].width) {
	case EXACT_32:
		return 1;
	case EXACT_64:
		return 2;
	case EXACT_ANY:
		break;
	}
	return 0;
}

static size_t emit_call(const struct exact_call *call, struct sock_filter *out)
{
	size_t n = 0, end = 3;

	for (unsigned int i = 0; i < 6; i++)
		end += 2 * halves(call, i);
	out[n++] = load(offsetof(struct seccomp_data, nr));
	out[n] = unless((uint32_t)call->nr, end - n - 1);
	n++;
	for (unsigned int i = 0; i < 6; i++) {
		for (unsigned int h = 0; h < halves(call, i); h++) {
			out[n++] = load(half(i, h == 1));
			out[n] = unless((uint32_t)(call->args[i].value >> (32 * h)), end - n - 1);
			n++;
		}
	}
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return n;
}

size_t exact_emit(const struct exact_call *calls, size_t n, struct sock_filter *out)
{
	size_t len = 3;

	for (size_t i = 0; i < n; i++)
		len += emit_call(&calls[i], out + len);
	out[0] = load(offsetof(struct seccomp_data, arch));
	out[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_AUDIT_ARCH, 1, 0);
	out[2] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, (uint32_t)(len - 3), 0, 0);
	return len;
}

bool exact_is_allowed(const struct exact_call *calls, size_t n, const struct sock_filter *code,
		      size_t len)
{
	if (bpf_first_bad(code, len) >= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct seccomp_data data = { .nr = (int)calls[i].nr, .arch = SYS_AUDIT_ARCH };

		for (unsigned int k = 0; k < 6; k++)
			data.args[k] = calls[i].args[k].value;
		if (bpf_run(code, len, &data, NULL) != SECCOMP_RET_ALLOW)
			return false;
	}
	return true;
}
