/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the order of instructions. The program is written from its end to its beginning: jumps only
 * go forward, so every target has its place before the jump to it. A conditional jump reaches 255
 * instructions. A return that is farther away is written again nearby; anything else is reached by
 * an unconditional jump.
 */
#include "seccomp/emit.h"

#include "base/arena.h"
#include "base/err.h"

/* Where a node was written, counted from the end of the program; 0: not yet. */
struct label {
	bool seen;
	bool wants_load; /* a jump to it comes with another word in the accumulator */
	uint32_t start;	 /* the instruction that loads the word */
	/* the instruction after that, for jumps that come with the word loaded */
	uint32_t compared;
};

/* The range of a jump, less the instructions that one node may need in front of it. */
enum { REACH = 255 - 8 };

struct writer {
	struct label *labels; /* by node id */
	uint32_t n;	      /* number of instructions, which fill `code` from its end */
	struct sock_filter code[BPF_MAXINSNS];
};

static uint32_t put(struct writer *w, uint16_t op, uint32_t k, uint32_t yes, uint32_t no)
{
	w->n++;
	if (w->n <= BPF_MAXINSNS) /* otherwise it is only counted */
		w->code[BPF_MAXINSNS - w->n] = (struct sock_filter){
			.code = op, .k = k, .jt = (uint8_t)yes, .jf = (uint8_t)no
		};
	return w->n;
}

/* Whether the accumulator holds the child's word when the child is reached from the parent. */
static bool keeps_word(const struct node *parent, const struct node *child)
{
	bool whole = parent->kind != NODE_EQUAL || parent->mask == UINT32_MAX;

	return whole && parent->word == child->word;
}

static void mark(struct writer *w, const struct node *node)
{
	const struct node *const next[] = { node->yes, node->no };

	w->labels[node->id].seen = true;
	if (node->kind == NODE_RETURN)
		return;
	for (size_t i = 0; i < ARRAY_LEN(next); i++) {
		struct label *label = &w->labels[next[i]->id];

		if (!keeps_word(node, next[i]))
			label->wants_load = true;
		if (!label->seen)
			mark(w, next[i]);
	}
}

/* Makes sure that the target is within reach of a jump in the next instruction. */
static uint32_t *bring_near(struct writer *w, const struct node *parent, const struct node *child)
{
	struct label *label = &w->labels[child->id];
	bool ready = child->kind != NODE_RETURN && keeps_word(parent, child);
	uint32_t *at = ready ? &label->compared : &label->start;

	if (w->n - *at <= REACH)
		return at;
	if (child->kind == NODE_RETURN)
		*at = put(w, BPF_RET | BPF_K, child->k, 0, 0);
	else
		*at = put(w, BPF_JMP | BPF_JA, w->n - *at, 0, 0);
	return at;
}

static void write_node(struct writer *w, const struct node *node);

static void write_test(struct writer *w, const struct node *node)
{
	static const uint16_t ops[] = {
		[NODE_EQUAL] = BPF_JMP | BPF_JEQ | BPF_K,
		[NODE_ABOVE] = BPF_JMP | BPF_JGE | BPF_K,
		[NODE_ANY] = BPF_JMP | BPF_JSET | BPF_K,
	};
	struct label *label = &w->labels[node->id];

	write_node(w, node->yes);
	write_node(w, node->no);
	uint32_t *yes = bring_near(w, node, node->yes), *no = bring_near(w, node, node->no);

	label->compared = put(w, ops[node->kind], node->k, w->n - *yes, w->n - *no);
	if (node->mask != UINT32_MAX)
		label->compared = put(w, BPF_ALU | BPF_AND | BPF_K, node->mask, 0, 0);
	if (label->wants_load)
		label->start = put(w, BPF_LD | BPF_W | BPF_ABS, node->word, 0, 0);
}

static void write_node(struct writer *w, const struct node *node)
{
	struct label *label = &w->labels[node->id];

	if (label->start || label->compared)
		return;
	if (node->kind == NODE_RETURN)
		label->start = put(w, BPF_RET | BPF_K, node->k, 0, 0);
	else
		write_test(w, node);
}

static int too_long(const char *place, const char *about, uint32_t n)
{
	return fail(0, "%s: found a filter of %s%u instructions, expected at most %d", place, about,
		    n, BPF_MAXINSNS);
}

int emit(const struct tree *tree, const struct node *first, const char *place,
	 struct bpf_program *ret)
{
	struct writer *w = arena_alloc(sizeof(*w));

	if (tree->n > 2 * BPF_MAXINSNS) /* the recursion below might exceed the stack */
		return too_long(place, "about ", tree->n);
	w->labels = arena_array(tree->n, sizeof(*w->labels));
	w->labels[first->id].wants_load = true;
	mark(w, first);
	write_node(w, first);
	if (w->n > BPF_MAXINSNS)
		return too_long(place, "", w->n);
	ret->code = &w->code[BPF_MAXINSNS - w->n];
	ret->len = (uint16_t)w->n;
	return 0;
}
