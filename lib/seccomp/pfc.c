/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the pseudo code for readers. Statements apply in order: the first action that is reached is
 * the answer. Numbers of x32 stand in the block of x86_64, with bit 30, as the kernel has them.
 */
#include "seccomp/pfc.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/cases.h"
#include "seccomp/syscall.h"

#include <string.h>

/* More numbers than any ABI has: they are not listed by name. */
enum { WIDE = 1 << 16 };

struct writer {
	const char *name;
	struct canon *canon;
	struct buffer out;
	const struct verdicts_arch *arch;
	canon_ref usual; /* the answer to the first number above the table */
};

/* "x86_64" of "SCMP_ARCH_X86_64". */
static const char *lower(const char *scmp)
{
	char *copy = arena_strdup(scmp + strlen("SCMP_ARCH_"));

	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 0x20;
	return copy;
}

/* No ABI has numbers with the uppermost bit. */
static enum abi abi_of(uint32_t audit, uint32_t nr)
{
	return nr >> 31 ? ABI_COUNT : arch_by_number(audit, nr);
}

static void indent(struct writer *w, unsigned int depth)
{
	buffer_print(&w->out, "%*s", (int)(2 * depth), "");
}

/* --- arguments ---------------------------------------------------------------------------- */

static void write_condition(struct writer *w, const struct condition *c, enum abi abi, bool narrow)
{
	static const char signs[][4] = {
		[SECCOMP_OP_NE] = "!=", [SECCOMP_OP_LT] = "<",	[SECCOMP_OP_LE] = "<=",
		[SECCOMP_OP_EQ] = "==", [SECCOMP_OP_GE] = ">=", [SECCOMP_OP_GT] = ">"
	};
	const char *part = narrow && arch_abi(abi)->bits == 64 ? ".lo32" : "";

	if (c->op == SECCOMP_OP_MASKED_EQ)
		buffer_print(&w->out, "if ($a%u%s & 0x%llx == 0x%llx)\n", c->index, part,
			     (unsigned long long)c->value, (unsigned long long)c->value_two);
	else
		buffer_print(&w->out, "if ($a%u%s %s %llu)\n", c->index, part, signs[c->op],
			     (unsigned long long)c->value);
}

static void write_case(struct writer *w, const struct cases_one *one, enum abi abi, uint8_t narrow)
{
	for (uint32_t i = 0; i < one->n_conditions; i++) {
		const struct condition *c = &one->conditions[i];

		indent(w, 2 + i);
		write_condition(w, c, abi, narrow >> c->index & 1);
	}
	indent(w, 2 + one->n_conditions);
	buffer_print(&w->out, "action %s;\n", bpf_action(one->action));
}

/* Whether the answer depends on what the kernel does not read of the arguments. */
static bool asks_more(struct canon *canon, canon_ref r, uint8_t narrow)
{
	canon_ref low = r;

	for (unsigned int i = 0; i < 6; i++)
		if (narrow >> i & 1)
			low = canon_restrict(canon, low, i, ~(uint64_t)UINT32_MAX, 0);
	return low != r;
}

/* Every action that a decision leads to may be what remains: the one that leaves fewest cases. */
struct choice {
	size_t n, parts;
	uint32_t v[8];
};

static bool note_action(void *ctx, const struct canon_cube *cube)
{
	struct choice *c = ctx;
	size_t i = 0;

	while (i < c->n && c->v[i] != cube->action[0])
		i++;
	if (i == c->n && c->n < ARRAY_LEN(c->v))
		c->v[c->n++] = cube->action[0];
	return c->parts++ < CASES_MAX;
}

static int write_arguments(struct writer *w, canon_ref r, enum abi abi, uint8_t narrow)
{
	struct choice choice = { 0 };
	struct cases best = { .n = SIZE_MAX };
	uint32_t rest = 0;

	canon_each(w->canon, r, r, false, note_action, &choice);
	for (size_t i = 0; i < choice.n; i++) {
		struct cases cases;

		if (cases_make(w->canon, r, choice.v[i], narrow, CASES_AT_MOST_AT_LEAST, &cases) <
			    0 ||
		    cases.n >= best.n)
			continue;
		best = cases;
		rest = choice.v[i];
	}
	if (best.n == SIZE_MAX)
		return fail(0, "%s: too many conditions on the arguments of one call", w->name);
	for (size_t i = 0; i < best.n; i++)
		write_case(w, &best.v[i], abi, narrow);
	indent(w, 2);
	buffer_print(&w->out, "action %s;\n", bpf_action(rest));
	return 0;
}

/* --- numbers ------------------------------------------------------------------------------ */

static int write_answer(struct writer *w, canon_ref r, enum abi abi, int id)
{
	uint8_t narrow = id < 0 ? 0 : syscall_narrow(abi, (unsigned int)id);
	uint32_t action;

	if (canon_is_leaf(w->canon, r, &action)) {
		indent(w, 2);
		buffer_print(&w->out, "action %s;\n", bpf_action(action));
		return 0;
	}
	return write_arguments(w, r, abi, asks_more(w->canon, r, narrow) ? 0 : narrow);
}

static int write_call(struct writer *w, uint32_t nr, enum abi abi, int id, canon_ref r)
{
	const char *of = abi == ABI_X32 ? " of x32" : "";

	buffer_print(&w->out, "  # filter for syscall \"%s\"%s (%u)\n  if ($syscall == %u)\n",
		     syscall_name((unsigned int)id), of, nr, nr);
	return write_answer(w, r, abi, id);
}

static int write_unknown(struct writer *w, uint32_t first, uint32_t last, canon_ref r)
{
	buffer_print(&w->out, last - first >= WIDE ? "  # all of these numbers\n"
						   : "  # numbers without a name\n");
	if (first == last)
		buffer_print(&w->out, "  if ($syscall == %u)\n", first);
	else
		buffer_print(&w->out, "  if ($syscall >= %u && $syscall <= %u)\n", first, last);
	return write_answer(w, r, abi_of(w->arch->audit, first), -1);
}

/* Numbers first..last with one answer: calls one by one, and what lies between them. */
static int write_range(struct writer *w, uint32_t first, uint32_t last, canon_ref r)
{
	uint64_t from = first, nr = first;
	int error = 0;

	if (last - first >= WIDE)
		return write_unknown(w, first, last, r);
	while (nr <= last && error == 0) {
		enum abi abi = abi_of(w->arch->audit, (uint32_t)nr);
		uint32_t bit = abi < ABI_COUNT ? arch_abi(abi)->nr_bit : 0;
		int id = abi < ABI_COUNT ? syscall_at(abi, (uint32_t)nr & ~bit) : -1;

		if (id < 0) {
			nr++;
			continue;
		}
		if (from < nr)
			error = write_unknown(w, (uint32_t)from, (uint32_t)nr - 1, r);
		if (error == 0)
			error = write_call(w, (uint32_t)nr, abi, id, r);
		from = ++nr;
	}
	if (from <= last && error == 0)
		error = write_unknown(w, (uint32_t)from, last, r);
	return error;
}

/* As a profile's default answers numbers that nothing has. */
static canon_ref usual(const struct verdicts_arch *arch)
{
	enum abi abi = abi_of(arch->audit, 0);
	const struct verdicts one = { .other = *arch };

	return verdicts_at(&one, arch->audit, abi < ABI_COUNT ? syscall_end(abi) : 0);
}

static int write_arch(struct writer *w, const struct verdicts_arch *arch)
{
	int error = 0;

	w->arch = arch;
	w->usual = usual(arch);
	for (size_t i = 0; i < arch->n && error == 0; i++) {
		uint64_t next = i + 1 < arch->n ? arch->ranges[i + 1].first : UINT64_C(1) << 32;

		if (arch->ranges[i].decision != w->usual)
			error = write_range(w, arch->ranges[i].first, (uint32_t)(next - 1),
					    arch->ranges[i].decision);
	}
	if (error < 0)
		return error;
	buffer_print(&w->out, "  # default action\n");
	return 0;
}

static int write_default(struct writer *w, unsigned int depth)
{
	uint32_t action;

	if (!canon_is_leaf(w->canon, w->usual, &action))
		return write_answer(w, w->usual, ABI_X86_64, -1);
	indent(w, depth);
	buffer_print(&w->out, "action %s;\n", bpf_action(action));
	return 0;
}

int pfc_write(const char *name, const struct verdicts *verdicts, struct canon *canon,
	      struct text *ret)
{
	struct writer w = { .name = name, .canon = canon };
	int error = 0;

	buffer_print(&w.out, "#\n# pseudo filter code start\n#\n");
	for (size_t i = 0; i < verdicts->n_archs && error == 0; i++) {
		uint32_t audit = verdicts->archs[i].audit;
		enum abi abi = abi_of(audit, 0);

		buffer_print(&w.out, "# filter for arch %s (%u)\nif ($arch == %u)\n",
			     abi < ABI_COUNT ? lower(arch_abi(abi)->scmp) : "unknown", audit,
			     audit);
		error = write_arch(&w, &verdicts->archs[i]);
		if (error == 0)
			error = write_default(&w, 1);
	}
	buffer_print(&w.out, "# invalid architecture action\n");
	w.usual = verdicts->other.ranges[0].decision;
	if (error == 0 && verdicts->other.n > 1)
		error = write_arch(&w, &verdicts->other);
	if (error == 0)
		error = write_default(&w, 0);
	buffer_print(&w.out, "#\n# pseudo filter code end\n#\n");
	*ret = buffer_text(&w.out);
	return error;
}
