/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the analysis of programs. It shares only the instruction set with the code that writes them.
 *
 * It follows every path for an interval of architectures, then for an interval of numbers, and
 * divides the interval at each comparison. From the first load of an argument on, it treats the
 * rest as a function of the arguments' bits. In two programs in sequence (stack.h) the second
 * checks architecture and number again after that: an interval that such a test divides is analysed
 * again in two parts.
 *
 * What must hold: each interval follows one path, so the work is bounded by the number of intervals
 * times the length of their paths. VISITS_MAX stops the analysis of a program that was made to take
 * long.
 */
#include "seccomp/lift.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"

#include <errno.h>
#include <string.h>

enum { VISITS_MAX = 1 << 24 };

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
	if (l->visits++ == VISITS_MAX || l->canon->overflow)
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
		if (held.mask != ALL)
			return false;
		c.at_least = true;
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

/*
 * Whether the whole interval takes one side of the test. If not, *ret_cut is where it is divided.
 */
static bool decides(const struct sock_filter *f, struct interval in, bool *ret_yes,
		    uint32_t *ret_cut)
{
	uint64_t cut = (uint64_t)f->k + (BPF_OP(f->code) == BPF_JGT); /* true from here on */

	if (BPF_OP(f->code) == BPF_JEQ) {
		*ret_yes = f->k == in.first && f->k == in.last;
		*ret_cut = in.first < f->k ? f->k : f->k + 1;
		return *ret_yes || f->k < in.first || f->k > in.last;
	}
	*ret_yes = cut <= in.first;
	*ret_cut = (uint32_t)cut;
	return *ret_yes || cut > in.last;
}

static bool is_bit_test(struct lifter *l, size_t pc, struct held held)
{
	if (held.mask == ALL && BPF_OP(l->code[pc].code) != BPF_JSET)
		return false;
	give_up(l, pc, "a test of bits of the number or architecture");
	return true;
}

static canon_ref answer_of(struct lifter *l, size_t pc, struct held held);

/* Analyses a test of the number or architecture after the first load of an argument. */
static canon_ref test_again(struct lifter *l, size_t pc, struct held held)
{
	const struct sock_filter *f = &l->code[pc];
	bool arch = held.word == offsetof(struct seccomp_data, arch), yes;

	l->looks_back++;
	if (is_bit_test(l, pc, held))
		return 0;
	if (!decides(f, arch ? l->archs : l->numbers, &yes, &l->cut_at)) {
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
		give_up(l, pc, "not a test of an argument");
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

static void *grow(void *old, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return old;
	*room = *room ? 2 * *room : 512;
	void *v = arena_array(*room, size);

	if (n)
		memcpy(v, old, n * size);
	return v;
}

static void add_range(struct lifter *l, uint32_t first, canon_ref decision)
{
	struct lifted *o = l->out;
	struct lifted_arch *arch = &o->archs[o->n_archs - 1];

	if (arch->n && o->ranges[o->n_ranges - 1].decision == decision)
		return;
	o->ranges = grow(o->ranges, o->n_ranges, &o->range_room, sizeof(*o->ranges));
	o->ranges[o->n_ranges++] = (struct lifted_range){ first, decision };
	arch->n++;
}

static void add_arch(struct lifter *l, uint32_t first)
{
	struct lifted *o = l->out;

	o->archs = grow(o->archs, o->n_archs, &o->arch_room, sizeof(*o->archs));
	o->archs[o->n_archs++] = (struct lifted_arch){ .first = first, .start = o->n_ranges };
}

typedef void walk(struct lifter *l, size_t pc, struct held held, struct interval in);

/* Continues after a test of the word that the interval describes, separately for each part. */
static void divide(struct lifter *l, size_t pc, struct held held, struct interval in, walk *next)
{
	const struct sock_filter *f = &l->code[pc];
	size_t yes = pc + 1 + f->jt, no = pc + 1 + f->jf;
	uint64_t cut = f->k;

	if (is_bit_test(l, pc, held))
		return;
	if (BPF_OP(f->code) == BPF_JEQ) {
		if (f->k > in.last || f->k < in.first) {
			next(l, no, held, in);
			return;
		}
		if (in.first < f->k)
			next(l, no, held, (struct interval){ in.first, f->k - 1 });
		next(l, yes, held, (struct interval){ f->k, f->k });
		if (f->k < in.last)
			next(l, no, held, (struct interval){ f->k + 1, in.last });
		return;
	}
	cut += BPF_OP(f->code) == BPF_JGT; /* true from here on */
	if (in.first < cut)
		next(l, no, held,
		     (struct interval){ in.first, in.last < cut ? in.last : (uint32_t)cut - 1 });
	if (cut <= in.last)
		next(l, yes, held,
		     (struct interval){ in.first > cut ? in.first : (uint32_t)cut, in.last });
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
	l->numbers = in;
	l->walk++;
	canon_ref answer = answer_of(l, from, before);

	if (l->cut == CUT_NUMBERS) {
		uint32_t at = l->cut_at;

		l->cut = CUT_NONE;
		walk_numbers(l, from, before, (struct interval){ in.first, at - 1 });
		walk_numbers(l, from, before, (struct interval){ at, in.last });
	} else if (!l->failed && !l->cut) {
		add_range(l, in.first, answer);
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
	add_arch(l, in.first);
	l->archs = in;
	walk_numbers(l, from, before, (struct interval){ 0, ALL });
	if (l->cut) {
		uint32_t at = l->cut_at;

		l->cut = CUT_NONE;
		l->out->n_ranges = l->out->archs[--l->out->n_archs].start;
		walk_archs(l, from, before, (struct interval){ in.first, at - 1 });
		walk_archs(l, from, before, (struct interval){ at, in.last });
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
