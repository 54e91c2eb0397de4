/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any BPF program that the kernel would take, as lines "CODE JT JF K" of hexadecimal numbers. What
 * is read of it answers some calls as the interpreter does; a refusal has a message.
 */
#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "seccomp/bpf.h"
#include "seccomp/verdicts.h"

#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

const char fuzz_corpus[] = "bpf";

enum { LENGTH_MAX = 512 };

static size_t read_lines(char *text, struct sock_filter *code)
{
	size_t n = 0;

	for (char *line = text, *next; line && n < LENGTH_MAX; line = next) {
		unsigned int op, jt, jf, k;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (sscanf(line, "%4x %2x %2x %8x", &op, &jt, &jf, &k) == 4)
			code[n++] =
				(struct sock_filter){ (uint16_t)op, (uint8_t)jt, (uint8_t)jf, k };
	}
	return n;
}

static void compare(const struct bpf_program *p, const struct verdicts *v, struct canon *canon,
		    uint32_t nr)
{
	const struct seccomp_data data = { .nr = (int)nr,
					   .arch = AUDIT_ARCH_X86_64,
					   .args = { nr, 1, UINT64_MAX } };
	canon_ref r = verdicts_at(v, data.arch, nr);
	uint32_t action;

	for (unsigned int i = 0; i < 6; i++)
		r = canon_restrict(canon, r, i, UINT64_MAX, data.args[i]);
	require(canon_is_leaf(canon, r, &action));
	require(action == bpf_run(p->code, p->len, &data, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t numbers[] = { 0, 59, 435, 0x40000000, 0x40000001, 0x80000000 };
	struct sock_filter code[LENGTH_MAX];
	size_t n = read_lines(arena_memdup(data, size), code);
	const struct bpf_program program = { code, (uint16_t)n };

	if (n && bpf_first_bad(code, n) < 0) {
		struct canon canon;
		struct verdicts v;

		canon_init(&canon);
		if (outcome(verdicts_of_program(&program, &canon, &v)))
			for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
				compare(&program, &v, &canon, numbers[i]);
	}
	arena_reset();
	return 0;
}
