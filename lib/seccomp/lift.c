/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the analysis of programs. It shares only the instruction set with the code that writes them.
 *
 * It follows every path for an interval of architectures, then for an interval of numbers, and
 * divides the interval at each comparison, also of some bits only (the test for x32's bit). From
 * the first load of an argument on, it treats the rest as a function of the arguments' bits. A
 * program may check architecture and number again after that, as the second of two in sequence does
 * (stack.h), or the architecture after the number: an interval that such a test divides is analysed
 * again in two parts.
 *
 * What must hold: each interval follows one path, so the work is bounded by the number of intervals
 * times the length of their paths. VISITS_MAX and WALKS_MAX stop the analysis of a program that
 * was made to take long or much memory. Recursion is as deep as the program is long.
 */
#include "seccomp/lift.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"

#include <errno.h>

enum { VISITS_MAX = 1 << 24, WALKS_MAX = 1 << 16 };

static const uint32_t ALL = UINT32_MAX;

/* What is known of the accumulator: the word that was loaded, and the bits that AND kept. */
struct held {
	uint32_t word; /* offset in struct seccomp_data */
	uint32_t mask;
};

static const uint32_t NOTHING = UINT32_MAX; /* instead of an offset: nothing was loaded yet */

struct interval {
	uint32_t first, last;
};

/*
 * The answer from one instruction on, if reached with that accumulator. If the path checks number
 * or architecture, it is valid for one walk only.
 */
struct memo {
	bool known, looks_back;
	uint32_t walk;
	struct held held;
	canon_ref answer;
};

/* Whether a test after the first load of an argument divides an interval, and which. */
enum cut { CUT_NONE, CUT_NUMBERS, CUT_ARCHS };

struct lifter {
	const struct sock_filter *code;
	struct canon *canon;
	struct lifted *out;
	struct memo *memos;
	uint32_t visits;
	bool failed;
	struct interval archs, numbers; /* the intervals being analysed */
	uint32_t walk;			/* number of this pair of intervals */
	/* number of tests of them found after the first load of an argument */
	uint32_t looks_back;
	enum cut cut;
	uint32_t cut_at; /* start of the second part */
};

static void give_up(struct lifter *l, size_t pc, const char *why)
{
	if (!l->failed)
		fail_note(0, "filter: instruction %zu (%s): %s", pc, bpf_format(l->code, pc), why);
	l->failed = true;
}

static bool proceed(struct lifter *l, size_t pc)
{
	if (l->visits++ >= VISITS_MAX || l->canon->overflow)
		give_up(l, pc, "too complex to be read");
	return !l->failed;
}

/* Follows unconditional jumps, loads and masks up to a test or a return. Returns its index. */
static size_t advance(struct lifter *l, size_t pc, struct held *held)
{
	for (; proceed(l, pc); pc++) {
		const struct sock_filter *f = &l->code[pc];

		if (f->code == (BPF_JMP | BPF_JA)) {
			pc += f->k;
		} else if (f->code == (BPF_LD | BPF_W | BPF_ABS)) {
			*held = (struct held){ f->k, ALL };
		} else if (f->code == (BPF_ALU | BPF_AND | BPF_K)) {
			held->mask &= f->k;
		} else if (f->code == (BPF_RET | BPF_K)) {
			return pc;
		} else if (BPF_CLASS(f->code) == BPF_JMP && BPF_SRC(f->code) == BPF_K) {
			if (held->word == NOTHING)
				give_up(l, pc, "nothing was loaded");
			return pc;
		} else {
			give_up(l, pc, "not an instruction that can be read");
			break;
		}
	}
	return pc;
}

/* --- tests -------------------------------------------------------------------------------- */

static const uint64_t NONE = UINT64_C(1) << 32;

/* The least value from `from` on whose bits of mask are as in bits; NONE if there is none. */
static uint64_t least_match(uint32_t mask, uint32_t bits, uint64_t from)
{
	uint32_t differing = ((uint32_t)from ^ bits) & mask;

	if (from >= NONE || bits & ~mask)
		return NONE;
	if (!differing)
		return from;
	unsigned int at = 31 - (unsigned int)__builtin_clz(differing);
	uint64_t below = (UINT64_C(2) << at) - 1;

	if (bits >> at & 1)
		return (from & ~below) | (bits & below);
	/* from is too large in this bit: the lowest free bit above that is clear is set */
	while (++at < 32 && ((mask | from) >> at & 1))
		;
	below = (UINT64_C(1) << at) - 1;
	return at == 32 ? NONE : (from & ~below) | UINT64_C(1) << at | (bits & below);
}

/* Whether the test holds for that value of the loaded word. */
static bool holds(const struct sock_filter *f, uint32_t mask, uint32_t value)
{
	value &= mask;
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return value == f->k;
	case BPF_JSET:
		return value & f->k;
	case BPF_JGT:
		return value > f->k;
	default:
		return value >= f->k;
	}
}

/* The first value above `value` for which the test may have another result; NONE: no other. */
static uint64_t next_change(const struct sock_filter *f, uint32_t mask, uint32_t value)
{
	bool set = BPF_OP(f->code) == BPF_JSET;

	if (set || BPF_OP(f->code) == BPF_JEQ) {
		uint32_t asked = set ? mask & f->k : mask, bits = set ? 0 : f->k;

		if ((value & asked) != bits)
			return least_match(asked, bits, (uint64_t)value + 1);
		return asked ? (value | ((asked & -asked) - 1)) + UINT64_C(1) : NONE;
	}
	uint64_t least = (uint64_t)f->k + (BPF_OP(f->code) == BPF_JGT); /* true from here on */

	if (!mask)
		return NONE;
	/* without the low bits that mask clears; `kept` are those that it keeps next to them */
	unsigned int cleared = (unsigned int)__builtin_ctz(mask);
	unsigned int kept = (unsigned int)__builtin_ctzll(~((uint64_t)mask >> cleared));
	uint64_t block = UINT64_C(1) << kept, high = value >> cleared, first = high & ~(block - 1);
	uint64_t masked = first & mask >> cleared;

	least = (least + (UINT64_C(1) << cleared) - 1) >> cleared;
	/* within a block of numbers that differ in the kept bits, the masked value rises by ones */
	if (masked < least && least < masked + block && high < first + (least - masked))
		return (first + (least - masked)) << cleared;
	return (first + block) << cleared;
}

/* --- arguments ---------------------------------------------------------------------------- */

/* Converts the test to a check of one argument. Returns false if that is not possible. */
static bool check_of(const struct sock_filter *f, struct held held, struct check *ret)
{
	uint32_t offset = held.word - (uint32_t)offsetof(struct seccomp_data, args), k = f->k;

	if (held.word < offsetof(struct seccomp_data, args))
		return false;
	struct check c = { .index = (uint8_t)(offset / 8) };
	unsigned int shift = held.word == word_high(c.index) ? 32 : 0;

	if (BPF_OP(f->code) == BPF_JSET) { /* any of these bits is set: not all of them are clear */
		held.mask &= k;
		k = 0;
		c.negate = true;
	} else if (BPF_OP(f->code) != BPF_JEQ) {
		c.at_least = true;
		k = (uint32_t)least_match(~held.mask, 0, k); /* settled() has handled larger ones */
	}
	c.mask = (uint64_t)held.mask << shift;
	c.value = (uint64_t)k << shift;
	*ret = c;
	return true;
}

/* Whether the result of the test does not depend on the argument. */
static bool settled(const struct sock_filter *f, struct held held, bool *yes)
{
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		*yes = !held.mask && !f->k;
		return (f->k & ~held.mask) || !held.mask;
	case BPF_JSET:
		*yes = false;
		return !(f->k & held.mask);
	case BPF_JGT:
		*yes = false;
		return f->k >= held.mask;
	default:
		*yes = f->k == 0;
		return f->k == 0 || f->k > held.mask;
	}
}

/* Whether the whole interval takes one side of the test. If not, *ret_cut divides it. */
static bool decides(const struct sock_filter *f, struct held held, struct interval in,
		    bool *ret_yes, uint32_t *ret_cut)
{
	uint64_t cut = next_change(f, held.mask, in.first);

	*ret_yes = holds(f, held.mask, in.first);
	*ret_cut = (uint32_t)cut;
	return cut > in.last;
}

static canon_ref answer_of(struct lifter *l, size_t pc, struct held held);

/* Analyses a test of the number or architecture after the first load of an argument. */
static canon_ref test_again(struct lifter *l, size_t pc, struct held held)
{
	const struct sock_filter *f = &l->code[pc];
	bool arch = held.word == offsetof(struct seccomp_data, arch), yes;

	l->looks_back++;
	if (!decides(f, held, arch ? l->archs : l->numbers, &yes, &l->cut_at)) {
		l->cut = arch ? CUT_ARCHS : CUT_NUMBERS;
		return 0;
	}
	return answer_of(l, pc + 1 + (yes ? f->jt : f->jf), held);
}

static canon_ref test_argument(struct lifter *l, size_t pc, struct held held)
{
	const struct sock_filter *f = &l->code[pc];
	struct sock_filter at_least = *f;
	struct check check;
	bool yes;

	if (settled(f, held, &yes))
		return answer_of(l, pc + 1 + (yes ? f->jt : f->jf), held);
	if (BPF_OP(f->code) == BPF_JGT) { /* settled() has handled the largest value */
		at_least.code = BPF_JMP | BPF_JGE | BPF_K;
		at_least.k++;
	}
	if (!check_of(&at_least, held, &check)) {
		give_up(l, pc, "asks for the address of the call, which is no argument");
		return 0;
	}
	canon_ref then = answer_of(l, pc + 1 + f->jt, held);
	canon_ref otherwise = answer_of(l, pc + 1 + f->jf, held);

	return l->failed || l->cut ? 0 : canon_check(l->canon, &check, then, otherwise);
}

static canon_ref answer_of(struct lifter *l, size_t pc, struct held held)
{
	pc = advance(l, pc, &held);
	if (l->failed || l->cut)
		return 0;
	struct memo *m = &l->memos[pc];

	if (l->code[pc].code == (BPF_RET | BPF_K))
		return canon_leaf(l->canon, l->code[pc].k);
	if (m->known && m->held.word == held.word && m->held.mask == held.mask &&
	    (!m->looks_back || m->walk == l->walk)) {
		l->looks_back += m->looks_back;
		return m->answer;
	}
	uint32_t before = l->looks_back;
	bool again = held.word == offsetof(struct seccomp_data, nr) ||
		     held.word == offsetof(struct seccomp_data, arch);
	canon_ref answer = again ? test_again(l, pc, held) : test_argument(l, pc, held);

	*m = (struct memo){ !l->cut, l->looks_back != before, l->walk, held, answer };
	return answer;
}

/* --- architecture and number -------------------------------------------------------------- */

static void add_range(struct lifter *l, uint32_t first, canon_ref decision)
{
	struct lifted *o = l->out;
	struct lifted_arch *arch = &o->archs[o->n_archs - 1];

	if (arch->n && o->ranges[o->n_ranges - 1].decision == decision)
		return;
	o->ranges = arena_grow(o->ranges, o->n_ranges, &o->range_room, sizeof(*o->ranges));
	o->ranges[o->n_ranges++] = (struct lifted_range){ first, decision };
	arch->n++;
}

static void add_arch(struct lifter *l, uint32_t first)
{
	struct lifted *o = l->out;

	o->archs = arena_grow(o->archs, o->n_archs, &o->arch_room, sizeof(*o->archs));
	o->archs[o->n_archs++] = (struct lifted_arch){ .first = first, .start = o->n_ranges };
}

typedef void walk(struct lifter *l, size_t pc, struct held held, struct interval in);

/* Continues after a test of the word that the interval describes, separately for each part. */
static void divide(struct lifter *l, size_t pc, struct held held, struct interval in, walk *next)
{
	const struct sock_filter *f = &l->code[pc];
	uint64_t cut;

	for (uint64_t first = in.first; first <= in.last && !l->failed; first = cut) {
		bool yes = holds(f, held.mask, (uint32_t)first);

		cut = next_change(f, held.mask, (uint32_t)first);
		next(l, pc + 1 + (yes ? f->jt : f->jf), held,
		     (struct interval){ (uint32_t)first,
					cut <= in.last ? (uint32_t)(cut - 1) : in.last });
	}
}

static void walk_numbers(struct lifter *l, size_t pc, struct held held, struct interval in)
{
	size_t from = pc;
	struct held before = held;

	pc = advance(l, pc, &held);
	if (l->failed || l->cut)
		return;
	if (l->code[pc].code != (BPF_RET | BPF_K) &&
	    held.word == offsetof(struct seccomp_data, nr)) {
		divide(l, pc, held, in, walk_numbers);
		return;
	}
	for (;;) {
		l->numbers = in;
		if (l->walk++ == WALKS_MAX)
			l->visits = VISITS_MAX;
		canon_ref answer = answer_of(l, from, before);

		if (l->cut != CUT_NUMBERS) {
			if (!l->failed && !l->cut)
				add_range(l, in.first, answer);
			return;
		}
		uint32_t at = l->cut_at;

		l->cut = CUT_NONE;
		walk_numbers(l, from, before, (struct interval){ in.first, at - 1 });
		if (l->failed || l->cut)
			return;
		in.first = at;
	}
}

static void walk_archs(struct lifter *l, size_t pc, struct held held, struct interval in)
{
	size_t from = pc;
	struct held before = held;

	pc = advance(l, pc, &held);
	if (l->failed)
		return;
	if (held.word == offsetof(struct seccomp_data, arch) &&
	    l->code[pc].code != (BPF_RET | BPF_K)) {
		divide(l, pc, held, in, walk_archs);
		return;
	}
	for (;;) {
		add_arch(l, in.first);
		l->archs = in;
		walk_numbers(l, from, before, (struct interval){ 0, ALL });
		if (!l->cut)
			return;
		uint32_t at = l->cut_at;

		l->cut = CUT_NONE;
		l->out->n_ranges = l->out->archs[--l->out->n_archs].start;
		walk_archs(l, from, before, (struct interval){ in.first, at - 1 });
		if (l->failed)
			return;
		in.first = at;
	}
}

int lift(const struct bpf_program *program, struct canon *canon, struct lifted *ret)
{
	struct lifter l = { .code = program->code,
			    .canon = canon,
			    .out = ret,
			    .memos = arena_array(program->len, sizeof(*l.memos)) };
	int bad = bpf_first_bad(program->code, program->len);

	*ret = (struct lifted){ 0 };
	if (bad >= 0)
		return fail(0, "filter: instruction %d: the kernel would refuse it", bad);
	walk_archs(&l, 0, (struct held){ NOTHING, ALL }, (struct interval){ 0, ALL });
	if (canon->overflow)
		give_up(&l, 0, "too complex to be read");
	return l.failed ? -EINVAL : 0;
}
