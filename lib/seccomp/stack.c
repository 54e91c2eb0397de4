/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the combination of two programs. One program is used instead of two filters in the kernel,
 * because a record has one filter file, which init and every `exec` load once. b comes first. At
 * each of its returns a copy of a follows, in which each answer is replaced by the stricter one.
 *
 * What must hold: no call passes that either program denies. So all three programs are analysed by
 * lift() and compared, number by number.
 */
#include "seccomp/stack.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/lift.h"

#include <string.h>

/* A copy of a for one answer of b. */
struct copy {
	uint32_t answer;
	size_t start;
};

struct joiner {
	const struct bpf_program *a, *b;
	size_t n, n_copies;
	struct copy *copies;
	struct sock_filter *code;
};

static bool is_return(const struct sock_filter *f)
{
	return f->code == (BPF_RET | BPF_K);
}

static uint32_t stricter(uint32_t a, uint32_t b)
{
	return decision_action_is_stricter(b, a) ? b : a;
}

/* Whether the answer of b applies whatever a answers. */
static bool is_last_word(const struct joiner *j, uint32_t answer)
{
	for (size_t i = 0; i < j->a->len; i++)
		if (is_return(&j->a->code[i]) && stricter(j->a->code[i].k, answer) != answer)
			return false;
	return true;
}

static size_t copy_for(struct joiner *j, uint32_t answer)
{
	for (size_t i = 0; i < j->n_copies; i++)
		if (j->copies[i].answer == answer)
			return j->copies[i].start;
	j->copies[j->n_copies] = (struct copy){ answer, j->n };
	j->n += j->a->len;
	return j->copies[j->n_copies++].start;
}

static void write_copy(const struct joiner *j, const struct copy *copy)
{
	struct sock_filter *to = j->code + copy->start;

	memcpy(to, j->a->code, j->a->len * sizeof(*to));
	for (size_t i = 0; i < j->a->len; i++)
		if (is_return(&to[i]))
			to[i].k = stricter(to[i].k, copy->answer);
}

static int join(struct joiner *j, const char *place, struct bpf_program *ret)
{
	size_t n_b = j->b->len;
	struct sock_filter *head = arena_array(n_b, sizeof(*head));

	memcpy(head, j->b->code, n_b * sizeof(*head));
	j->n = n_b;
	j->copies = arena_array(n_b, sizeof(*j->copies));
	for (size_t i = 0; i < n_b; i++)
		if (is_return(&head[i]) && !is_last_word(j, head[i].k))
			head[i] = (struct sock_filter){
				.code = BPF_JMP | BPF_JA,
				.k = (uint32_t)(copy_for(j, head[i].k) - i - 1),
			};
	if (j->n > BPF_MAXINSNS)
		return fail(0,
			    "%s: found %zu instructions together with the profile's, expected "
			    "at most %d",
			    place, j->n, BPF_MAXINSNS);
	j->code = arena_array(j->n, sizeof(*j->code));
	memcpy(j->code, head, n_b * sizeof(*head));
	for (size_t i = 0; i < j->n_copies; i++)
		write_copy(j, &j->copies[i]);
	*ret = (struct bpf_program){ .code = j->code, .len = (uint16_t)j->n };
	return 0;
}

/* --- the proof ---------------------------------------------------------------------------- */

enum { A, B, JOINED, READINGS };

struct reading {
	struct lifted lifted;
	size_t arch, range; /* position of the comparison */
};

struct comparison {
	struct canon canon;
	struct reading readings[READINGS];
};

/*
 * Advances to the next number at which one of the programs changes its answer. Returns 0 if there
 * is none.
 */
static uint32_t next_number(struct comparison *c)
{
	uint32_t next = 0;

	for (int i = 0; i < READINGS; i++) {
		const struct reading *r = &c->readings[i];
		const struct lifted_arch *arch = &r->lifted.archs[r->arch];
		bool more = r->range + 1 < arch->start + arch->n;
		uint32_t first = more ? r->lifted.ranges[r->range + 1].first : 0;

		if (first && (!next || first < next))
			next = first;
	}
	for (int i = 0; next && i < READINGS; i++) {
		struct reading *r = &c->readings[i];
		const struct lifted_arch *arch = &r->lifted.archs[r->arch];

		r->range += r->range + 1 < arch->start + arch->n &&
			    r->lifted.ranges[r->range + 1].first == next;
	}
	return next;
}

/* The same for architectures. */
static uint32_t next_arch(struct comparison *c)
{
	uint32_t next = 0;

	for (int i = 0; i < READINGS; i++) {
		const struct reading *r = &c->readings[i];
		bool more = r->arch + 1 < r->lifted.n_archs;
		uint32_t first = more ? r->lifted.archs[r->arch + 1].first : 0;

		if (first && (!next || first < next))
			next = first;
	}
	for (int i = 0; next && i < READINGS; i++) {
		struct reading *r = &c->readings[i];

		r->arch += r->arch + 1 < r->lifted.n_archs &&
			   r->lifted.archs[r->arch + 1].first == next;
	}
	return next;
}

static canon_ref answer(const struct comparison *c, int which)
{
	const struct reading *r = &c->readings[which];

	return r->lifted.ranges[r->range].decision;
}

static int compare(struct comparison *c, const char *place)
{
	uint32_t arch = 0, nr = 0;

	do {
		for (int i = 0; i < READINGS; i++)
			c->readings[i].range =
				c->readings[i].lifted.archs[c->readings[i].arch].start;
		do {
			canon_ref want = canon_stricter(&c->canon, answer(c, A), answer(c, B));

			if (c->canon.overflow)
				return fail(0, "%s: too complex for the proof", place);
			if (want != answer(c, JOINED))
				return fail(
					0,
					"%s: the combination with the profile is wrong: arch 0x%x, "
					"number %u",
					place, arch, nr);
			nr = next_number(c);
		} while (nr);
		arch = next_arch(c);
	} while (arch);
	return 0;
}

static int prove_stricter(const struct bpf_program *const programs[READINGS], const char *place)
{
	struct comparison c = { 0 };

	canon_init(&c.canon);
	for (int i = 0; i < READINGS; i++) {
		int r = lift(programs[i], &c.canon, &c.readings[i].lifted);

		if (r < 0)
			return wrap(r, "%s", place);
	}
	return compare(&c, place);
}

int stack(const struct bpf_program *a, const struct bpf_program *b, const char *place,
	  struct bpf_program *ret)
{
	struct joiner j = { .a = a, .b = b };
	struct bpf_program joined;
	int r = join(&j, place, &joined);

	if (r < 0)
		return r;
	struct arena_mark mark = arena_mark();

	r = prove_stricter((const struct bpf_program *const[]){ a, b, &joined }, place);
	if (r < 0)
		return r; /* the message lies in the arena */
	(void)arena_release(mark, NULL, 0);
	*ret = joined;
	return 0;
}
