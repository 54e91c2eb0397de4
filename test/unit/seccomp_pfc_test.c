/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs and answers as text: pseudo filter code (lib/seccomp/pfc.c) is executed by an
 * interpreter of its own, C (c_source.c) is read back to the same bytes, and the annotations
 * (annotate.c) of a known program are compared. The longest path of bpf.c is at least that of every
 * call.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/annotate.h"
#include "seccomp/bpf.h"
#include "seccomp/c_source.h"
#include "seccomp/filter.h"
#include "seccomp/pfc.h"
#include "seccomp/tree.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_random.h"
#include "unit/tap.h"

static struct canon canon;

/* Whether "if (...)" holds for the call. */
static bool holds(const char *line, const struct seccomp_data *d)
{
	unsigned long long a, b;
	unsigned int index;
	char sign[3] = "";

	if (sscanf(line, "if ($arch == %llu)", &a) == 1)
		return d->arch == a;
	if (sscanf(line, "if ($syscall >= %llu && $syscall <= %llu)", &a, &b) == 2)
		return (uint32_t)d->nr >= a && (uint32_t)d->nr <= b;
	if (sscanf(line, "if ($syscall == %llu)", &a) == 1)
		return (uint32_t)d->nr == a;
	if (sscanf(line, "if ($a%u", &index) != 1)
		abort();
	/* a register of a 32-bit architecture has no other half */
	bool low = strstr(line, ".lo32") || d->arch == arch_abi(ABI_X86)->audit ||
		   d->arch == arch_abi(ABI_ARM)->audit;
	uint64_t v = low ? (uint32_t)d->args[index] : d->args[index];

	line = strchr(line, ' ');
	line = strchr(line + 1, ' ') + 1;
	if (sscanf(line, "& 0x%llx == 0x%llx)", &a, &b) == 2)
		return (v & a) == b;
	if (sscanf(line, "%2[<>=!] %llu)", sign, &a) != 2)
		abort();
	if (strcmp(sign, "==") == 0 || strcmp(sign, "!=") == 0)
		return (v == a) == (sign[0] == '=');
	if (sign[0] == '<')
		return v < a || (sign[1] && v == a);
	return v > a || (sign[1] && v == a);
}

/* The action that the text gives the call, as text. */
static const char *execute(const char *text, const struct seccomp_data *d)
{
	size_t skipped = SIZE_MAX; /* lines behind this column belong to an if that is false */

	for (const char *p = text; *p; p = strchr(p, '\n') + 1) {
		size_t column = strspn(p, " ");
		const char *line = arena_memdup(p + column, strcspn(p + column, "\n"));

		if (*line == '#' || column > skipped)
			continue;
		skipped = SIZE_MAX;
		if (strncmp(line, "action ", 7) == 0)
			return arena_memdup(line + 7, strcspn(line + 7, ";"));
		if (!holds(line, d))
			skipped = column;
	}
	return "none";
}

/* The number of a call that a rule of the profile names, if it has any. */
static int number_of(const struct profile *profile, enum abi native)
{
	if (!profile->n_rules)
		return (int)below(480);
	const struct rule *rule = &profile->rules[below((uint32_t)profile->n_rules)];

	return (int)syscall_nr(native, (unsigned int)syscall_id(rule->names[0]));
}

static bool text_agrees(const char *text, const struct bpf_program *p,
			const struct profile *profile, enum abi native)
{
	static const uint32_t audits[] = { 0xc000003e, 0x40000003, 0xc00000b7, 0x40000028, 12345 };
	static const uint32_t numbers[] = { 0x40000000, 0x80000000, 0x7fffffff, 471, 0x0f0002 };
	uint32_t longest = bpf_longest(p->code, p->len), steps;
	bool good = true;

	for (int round = 0; round < 100 && good; round++) {
		struct seccomp_data d = { .nr = (int)below(480),
					  .arch = round % 4 ? arch_abi(native)->audit
							    : audits[below(5)] };

		if (round % 2)
			d.nr = number_of(profile, native);
		if (round % 8 == 2)
			d.nr = (int)(numbers[below(5)] + below(2));
		if (round == 6)
			d.nr = -1;
		for (int i = 0; i < 6; i++)
			d.args[i] = value() + below(3) - 1;
		const char *want = bpf_action(bpf_run(p->code, p->len, &d, &steps));
		const char *got = execute(text, &d);

		good = strcmp(got, want) == 0 && steps <= longest;
		if (!good)
			printf("# arch 0x%x number %u: %s instead of %s, %u of %u steps\n", d.arch,
			       (uint32_t)d.nr, got, want, steps, longest);
	}
	return good;
}

/* The numbers in braces. */
static bool is_same_program(const char *text, const struct bpf_program *p)
{
	size_t n = 0;

	for (const char *line = text; line; line = strchr(line, '\n'), line += line != NULL) {
		unsigned int code, jt, jf, k;

		if (sscanf(line, "\t{ 0x%x, %u, %u, 0x%x }", &code, &jt, &jf, &k) != 4)
			continue;
		if (n == p->len || code != p->code[n].code || jt != p->code[n].jt ||
		    jf != p->code[n].jf || k != p->code[n].k)
			return false;
		n++;
	}
	return n == p->len;
}

static void test_random(void)
{
	const char *all = getenv("TAMIS_ALL"); /* script/test --all */
	unsigned int n = all && all[0] == '1' ? 1000 : 40;
	int bad_pfc = 0, bad_c = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark();
		struct filter_options o = { .kernel_flags = UINT64_MAX };
		const struct filter *filter;
		struct verdicts v;
		struct profile p;
		struct text text;
		enum abi native;

		err_clear();
		canon_init(&canon);
		make_random(i, &p, &native);
		o.machine = arch_abi(native)->machine;
		if (filter_compile(&p, &o, &filter) < 0)
			abort();
		const struct bpf_program program = { filter->code, filter->len };

		if (verdicts_of_program(&program, &canon, &v) < 0 ||
		    pfc_write("p", &v, &canon, &text) < 0 ||
		    !text_agrees(text.data, &program, &p, native)) {
			bad_pfc++;
			printf("# random profile %u: %s\n", i,
			       err_message() ? err_message() : "wrong");
		}
		bad_c += !is_same_program(c_source_write("p */ \n", &program).data, &program);
		(void)arena_release(mark, NULL, 0);
	}
	is_int(bad_pfc, 0, "%u random filters as pseudo code answer as they do", n);
	is_int(bad_c, 0, "and are the same instructions in C");
}

static void test_annotations(void)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 41, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word_low(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 40, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word_high(1)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 7, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
	};
	static const char *const want[] = {
		"architecture",
		"architecture == SCMP_ARCH_X86_64",
		"number",
		"number == socket",
		"family",
		"family == AF_VSOCK",
		"type, upper half",
		"keep bits 0xff",
		"type, upper half & 0xff >= 0x7",
		"ALLOW",
		"ERRNO(1)",
	};
	const struct bpf_program p = { code, ARRAY_LEN(code) };
	const char **got = annotate_program(&p);

	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		is_str(got[i], want[i], "instruction %zu", i);
	is_int(bpf_longest(code, ARRAY_LEN(code)), 10, "the longest path");
}

int main(void)
{
	test_random();
	test_annotations();
	return done();
}
