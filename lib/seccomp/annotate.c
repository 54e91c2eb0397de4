/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the explanation of instructions. Jumps only go forward, so one pass knows of each
 * instruction which word is loaded when it is reached, and between which bounds architecture and
 * number are.
 */
#include "seccomp/annotate.h"

#include "base/arena.h"
#include "seccomp/bpf.h"
#include "seccomp/constants.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"
#include "seccomp/tree.h"

#include <string.h>

static const uint32_t ALL = UINT32_MAX;
static const uint32_t NO_ABI = 0x80000000; /* numbers with this bit belong to no ABI */

enum { NR = offsetof(struct seccomp_data, nr), ARCH = offsetof(struct seccomp_data, arch) };

struct bounds {
	uint32_t first, last;
};

/* Bit i: the architecture of ABI i is possible; the highest: one that no ABI has. */
typedef uint32_t archs;

static const archs STRANGERS = UINT32_C(1) << 31;

_Static_assert(ABI_COUNT < 31, "a bit for each");

/* What is known when an instruction is reached. */
struct state {
	bool reached, loaded;
	uint32_t word, mask; /* of the accumulator, if loaded */
	archs archs;
	struct bounds nr;
	int call; /* the id of the only call that leads here; -1: several, or none is known */
};

static struct bounds hull(struct bounds a, struct bounds b)
{
	return (struct bounds){ a.first < b.first ? a.first : b.first,
				a.last > b.last ? a.last : b.last };
}

static void arrive(struct state *at, const struct state *with)
{
	if (!at->reached) {
		*at = *with;
		at->reached = true;
		return;
	}
	at->loaded = at->loaded && with->loaded && at->word == with->word && at->mask == with->mask;
	at->archs |= with->archs;
	if (at->call != with->call)
		at->call = -1;
	at->nr = hull(at->nr, with->nr);
}

/* The bounds on one side of a comparison; false if nothing gets there. */
static bool narrow(struct bounds *b, uint16_t op, uint32_t k, bool yes)
{
	uint64_t from = (uint64_t)k + (op == BPF_JGT); /* true from here on */

	if (op == BPF_JEQ) {
		if (yes) {
			bool inside = b->first <= k && k <= b->last;

			*b = (struct bounds){ k, k };
			return inside;
		}
		if (b->first == k && b->last == k)
			return false;
		b->first += b->first == k;
		b->last -= b->last == k;
		return true;
	}
	if (yes && b->first < from)
		b->first = from > ALL ? ALL : (uint32_t)from;
	if (!yes && b->last >= from)
		b->last = from ? (uint32_t)(from - 1) : 0;
	return yes ? from <= b->last : b->first < from;
}

static bool is_of(enum abi abi, uint32_t nr)
{
	const uint32_t x32 = arch_abi(ABI_X32)->nr_bit;
	bool shared = arch_abi(abi)->audit == arch_abi(ABI_X32)->audit;

	return !shared || (nr & (x32 | NO_ABI)) == arch_abi(abi)->nr_bit;
}

/*
 * The call that has that number on all architectures that are possible, and one of their ABIs; -1
 * if they differ.
 */
static int call_of(const struct state *s, uint32_t nr, enum abi *ret)
{
	int found = -1;

	*ret = ABI_COUNT;
	if (s->archs & STRANGERS)
		return -1;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		if (!(s->archs >> abi & 1) || !is_of(abi, nr))
			continue;
		int id = syscall_at(abi, nr & ~arch_abi(abi)->nr_bit);

		if (id < 0 || (found >= 0 && id != found))
			return -1;
		found = id;
		*ret = abi;
	}
	return found;
}

/* The architectures on one side of a comparison. */
static archs select_archs(archs from, uint16_t op, uint32_t k, bool yes)
{
	archs ret = 0;
	bool known = false;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		struct bounds b = { arch_abi(abi)->audit, arch_abi(abi)->audit };

		known |= arch_abi(abi)->audit == k;
		if (from >> abi & 1 && narrow(&b, op, k, yes) && b.first == arch_abi(abi)->audit)
			ret |= UINT32_C(1) << abi;
	}
	if (op != BPF_JEQ || !yes || !known)
		ret |= from & STRANGERS;
	return ret;
}

static void branch(struct state *states, size_t pc, const struct sock_filter *f, bool yes)
{
	struct state s = states[pc];
	uint16_t op = BPF_OP(f->code);
	bool told = s.loaded && s.mask == ALL && op != BPF_JSET;
	enum abi abi;

	if (told && s.word == ARCH)
		s.archs = select_archs(s.archs, op, f->k, yes);
	if (told && s.word == NR && !narrow(&s.nr, op, f->k, yes))
		return;
	if (told && s.nr.first == s.nr.last)
		s.call = call_of(&s, s.nr.first, &abi);
	if (s.archs)
		arrive(&states[pc + 1 + (yes ? f->jt : f->jf)], &s);
}

static void follow(struct state *states, size_t pc, const struct sock_filter *f)
{
	struct state s = states[pc];

	if (f->code == (BPF_JMP | BPF_JA)) {
		arrive(&states[pc + 1 + f->k], &s);
	} else if (BPF_CLASS(f->code) == BPF_JMP) {
		branch(states, pc, f, true);
		branch(states, pc, f, false);
	} else if (BPF_CLASS(f->code) != BPF_RET) {
		s.loaded = f->code == (BPF_LD | BPF_W | BPF_ABS) ||
			   (s.loaded && f->code == (BPF_ALU | BPF_AND | BPF_K));
		s.mask = f->code == (BPF_LD | BPF_W | BPF_ABS) ? ALL : s.mask & f->k;
		s.word = f->code == (BPF_LD | BPF_W | BPF_ABS) ? f->k : s.word;
		arrive(&states[pc + 1], &s);
	}
}

/* --- words -------------------------------------------------------------------------------- */

static const char *say_number(const struct state *s, uint32_t nr)
{
	enum abi abi;
	int id = call_of(s, nr, &abi);

	if (id < 0)
		return arena_printf("%u", nr);
	return arena_printf("%s%s", syscall_name((unsigned int)id),
			    abi == ABI_X32 ? " of x32" : "");
}

static const char *say_arch(uint32_t audit)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (arch_abi(abi)->audit == audit)
			return arch_abi(abi)->scmp;
	return arena_printf("0x%x", audit);
}

/* The parameter of the only call that leads to the instruction, or NULL. */
static const char *param_of(const struct state *s, unsigned int index, enum abi *ret_abi)
{
	const char *name = NULL;

	for (enum abi abi = 0; abi < ABI_COUNT && s->call >= 0; abi++) {
		const char *own;

		if (!(s->archs >> abi & 1) ||
		    syscall_nr(abi, (unsigned int)s->call) == SYSCALL_NONE)
			continue;
		own = params_name(abi, (unsigned int)s->call, index);
		if (!own || (name && strcmp(name, own) != 0))
			return NULL; /* clone has another order on some architectures */
		if (!name)
			*ret_abi = abi;
		name = own;
	}
	return name;
}

static const char *say_word(const struct state *s, uint32_t word)
{
	uint32_t offset = word - (uint32_t)offsetof(struct seccomp_data, args);
	const char *name;
	enum abi abi;

	if (word == NR)
		return "number";
	if (word == ARCH)
		return "architecture";
	if (word < offsetof(struct seccomp_data, args))
		return "instruction pointer";
	name = param_of(s, offset / 8, &abi);
	if (!name)
		name = arena_printf("argument %u", offset / 8);
	return word == word_low(offset / 8) ? name : arena_printf("%s, upper half", name);
}

static const char *say_value(const struct state *s, uint32_t k)
{
	uint32_t offset = s->word - (uint32_t)offsetof(struct seccomp_data, args);
	char text[CONSTANTS_TEXT];
	enum abi abi;

	if (s->word == NR)
		return say_number(s, k);
	if (s->word == ARCH)
		return say_arch(k);
	if (s->word >= offsetof(struct seccomp_data, args) && s->word == word_low(offset / 8) &&
	    param_of(s, offset / 8, &abi))
		return arena_strdup(constants_format(abi, (unsigned int)s->call, offset / 8, k,
						     text, sizeof(text)));
	return arena_printf("0x%x", k);
}

static const char *say_test(const struct state *s, const struct sock_filter *f)
{
	const char *word = s->loaded ? say_word(s, s->word) : "the accumulator";
	const char *value = s->loaded ? say_value(s, f->k) : arena_printf("0x%x", f->k);

	if (s->loaded && s->mask != ALL)
		word = arena_printf("%s & 0x%x", word, s->mask);
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return arena_printf("%s == %s", word, value);
	case BPF_JGT:
		return arena_printf("%s > %s", word, value);
	case BPF_JGE:
		return arena_printf("%s >= %s", word, value);
	default:
		return arena_printf("%s & %s != 0", word, value);
	}
}

static const char *say(const struct state *s, const struct sock_filter *f)
{
	if (!s->reached)
		return "";
	if (f->code == (BPF_LD | BPF_W | BPF_ABS))
		return say_word(s, f->k);
	if (f->code == (BPF_ALU | BPF_AND | BPF_K))
		return arena_printf("keep bits 0x%x", f->k);
	if (f->code == (BPF_RET | BPF_K))
		return bpf_action(f->k);
	if (BPF_CLASS(f->code) == BPF_JMP && f->code != (BPF_JMP | BPF_JA))
		return say_test(s, f);
	return "";
}

const char **annotate_program(const struct bpf_program *program)
{
	struct state *states = arena_array(program->len + 1, sizeof(*states));
	const char **texts = arena_array(program->len, sizeof(*texts));

	states[0] = (struct state){ .reached = true, .archs = ALL, .nr = { 0, ALL }, .call = -1 };
	for (size_t pc = 0; pc < program->len; pc++) {
		texts[pc] = say(&states[pc], &program->code[pc]);
		if (states[pc].reached)
			follow(states, pc, &program->code[pc]);
	}
	return texts;
}
