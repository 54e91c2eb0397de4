/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the structure of programs: which tests are made, and in which order.
 *
 * Numbers and arguments are treated alike. The values of a word are divided into spans. A span is
 * found by a balanced tree of >= tests, at whose leaves == tests single out individual values. So a
 * list of n numbers needs n tests, and a call passes log n of them.
 *
 * The kernel caches calls that are allowed whatever their arguments (the bitmap of seccomp, Linux
 * 5.11). It does so only if their path consists of loads of nr and arch, comparisons with
 * constants, and AND. No other instruction is generated.
 */
#include "seccomp/tree.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 512, SINGLES_MAX = 8 };

static const uint32_t ALL = UINT32_MAX;

/* --- nodes -------------------------------------------------------------------------------- */

static uint32_t hash(const struct node *n)
{
	uint64_t h = ((uint64_t)n->kind << 8 | n->word) * 0x9e3779b97f4a7c15;

	h = (h ^ n->k) * 0x9e3779b97f4a7c15;
	h = (h ^ n->mask) * 0x9e3779b97f4a7c15;
	h = (h ^ (n->yes ? n->yes->id : 0)) * 0x9e3779b97f4a7c15;
	h = (h ^ (n->no ? n->no->id : 0)) * 0x9e3779b97f4a7c15;
	return (uint32_t)(h >> 32);
}

static void grow(struct tree *t)
{
	uint32_t n = t->n_buckets ? 2 * t->n_buckets : FIRST_BUCKETS;
	struct node **buckets = arena_array(n, sizeof(struct node *));

	for (uint32_t i = 0; i < t->n_buckets; i++)
		for (struct node *p = t->buckets[i], *next; p; p = next) {
			struct node **to = &buckets[hash(p) % n];

			next = p->next;
			p->next = *to;
			*to = p;
		}
	t->n_buckets = n;
	t->buckets = buckets;
}

static const struct node *intern(struct tree *t, const struct node *n)
{
	if (t->n >= t->n_buckets)
		grow(t);
	struct node **bucket = &t->buckets[hash(n) % t->n_buckets];

	for (struct node *p = *bucket; p; p = p->next)
		if (p->kind == n->kind && p->word == n->word && p->k == n->k &&
		    p->mask == n->mask && p->yes == n->yes && p->no == n->no)
			return p;
	struct node *p = arena_alloc(sizeof(*p));

	*p = *n;
	p->id = t->n++;
	p->next = *bucket;
	*bucket = p;
	return p;
}

static const struct node *leaf(struct tree *t, uint32_t action)
{
	return intern(t, &(struct node){ .kind = NODE_RETURN, .k = action });
}

static const struct node *test(struct tree *t, enum node_kind kind, uint8_t word, uint32_t mask,
			       uint32_t k, const struct node *yes, const struct node *no)
{
	if (yes == no)
		return yes;
	return intern(t, &(struct node){ .kind = (uint8_t)kind,
					 .word = word,
					 .mask = mask,
					 .k = k,
					 .yes = yes,
					 .no = no });
}

/* --- spans -------------------------------------------------------------------------------- */

/* Spans of one word that are being collected. Adjacent spans with the same node are merged. */
struct spans {
	size_t n;
	struct span *v;
};

static void spans_add(struct spans *s, uint32_t first, const struct node *node)
{
	if (s->n && s->v[s->n - 1].first == first) /* the previous span was empty */
		s->n--;
	if (!s->n || s->v[s->n - 1].node != node)
		s->v[s->n++] = (struct span){ first, node };
}

/*
 * Returns the number of spans from i on of which every second one is a single value and all others
 * lead to the same node. Found by == tests they cost one test each, half of what >= would.
 */
static size_t run_length(const struct span *v, size_t n, size_t i)
{
	size_t end = i + 1;

	while (end < n && end - i <= 2 * SINGLES_MAX) {
		bool last = end + 1 == n;
		bool single = last ? v[end].first == ALL : v[end + 1].first == v[end].first + 1;

		if (!single || (!last && v[end + 1].node != v[i].node))
			break;
		end += last ? 1 : 2;
	}
	return end - i;
}

struct run {
	size_t start, n;
};

static const struct node *build_run(struct tree *t, uint8_t word, const struct span *v,
				    const struct run *run)
{
	const struct node *node = v[run->start].node;

	for (size_t i = run->n & ~(size_t)1; i > 0; i -= 2) {
		const struct span *single = &v[run->start + i - 1];

		node = test(t, NODE_EQUAL, word, ALL, single->first, single->node, node);
	}
	return node;
}

/* Splits in the middle by the number of tests, not of runs, so that the depth is even. */
static size_t split(const struct run *runs, size_t n)
{
	size_t half = (runs[n - 1].start + runs[n - 1].n - runs[0].start) / 2, i = 1;

	while (i < n - 1 && runs[i].start - runs[0].start < half)
		i++;
	return i;
}

static const struct node *build_runs(struct tree *t, uint8_t word, const struct span *v,
				     const struct run *runs, size_t n)
{
	if (n == 1)
		return build_run(t, word, v, runs);
	size_t middle = split(runs, n);
	const struct node *above = build_runs(t, word, v, runs + middle, n - middle);
	const struct node *below = build_runs(t, word, v, runs, middle);

	return test(t, NODE_ABOVE, word, ALL, v[runs[middle].start].first, above, below);
}

static const struct node *build_spans(struct tree *t, uint8_t word, const struct spans *s)
{
	struct run *runs = arena_array(s->n, sizeof(*runs));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i += runs[n - 1].n)
		runs[n++] = (struct run){ i, run_length(s->v, s->n, i) };
	return build_runs(t, word, s->v, runs, n);
}

/* --- conditions --------------------------------------------------------------------------- */

static const struct node *equal(struct tree *t, uint8_t word, uint32_t mask, uint32_t k,
				const struct node *yes, const struct node *no)
{
	bool one_bit = (mask & (mask - 1)) == 0;

	if (!mask)
		return yes;
	if (mask != ALL && k == 0)
		return test(t, NODE_ANY, word, ALL, mask, no, yes);
	if (one_bit)
		return test(t, NODE_ANY, word, ALL, mask, yes, no);
	return test(t, NODE_EQUAL, word, mask, k, yes, no);
}

static const struct node *above_64(struct tree *t, const struct check *c, const struct node *yes,
				   const struct node *no)
{
	uint32_t high = (uint32_t)(c->value >> 32), low = (uint32_t)c->value;
	struct span v[3];
	struct spans s = { .v = v };

	spans_add(&s, 0, no);
	spans_add(&s, high, low ? test(t, NODE_ABOVE, word_low(c->index), ALL, low, yes, no) : yes);
	if (high < ALL)
		spans_add(&s, high + 1, yes);
	return build_spans(t, word_high(c->index), &s);
}

static const struct node *build_check(struct tree *t, const struct check *c, const struct node *yes,
				      const struct node *no)
{
	const struct node *then = c->negate ? no : yes, *otherwise = c->negate ? yes : no;
	uint8_t low = word_low(c->index);

	if (!c->at_least) {
		then = equal(t, low, (uint32_t)c->mask, (uint32_t)c->value, then, otherwise);
		return equal(t, word_high(c->index), (uint32_t)(c->mask >> 32),
			     (uint32_t)(c->value >> 32), then, otherwise);
	}
	if (c->mask == ALL)
		return test(t, NODE_ABOVE, low, ALL, (uint32_t)c->value, then, otherwise);
	return above_64(t, c, then, otherwise);
}

/* --- clauses about one argument ----------------------------------------------------------- */

/*
 * Clauses of one comparison each, all about the same argument and width, divide its values into
 * spans.
 */
static bool is_comparison(const struct clause *c)
{
	return c->n_checks == 1 && (c->checks->mask == ALL || c->checks->mask == UINT64_MAX);
}

static bool same_argument(const struct clause *a, const struct clause *b)
{
	return is_comparison(b) && a->checks->index == b->checks->index &&
	       a->checks->mask == b->checks->mask;
}

struct cuts {
	size_t n;
	uint64_t *v;		  /* ascending */
	const struct node **node; /* the answer from this value to the next */
	size_t *next; /* union-find: leads to the first value from here on that has no answer yet */
};

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static struct cuts cuts_of(const struct clause *clauses, size_t n)
{
	struct cuts cuts = { .v = arena_array(2 * n + 1, sizeof(*cuts.v)) };
	size_t kept = 0;

	cuts.v[cuts.n++] = 0;
	for (size_t i = 0; i < n; i++) {
		const struct check *c = clauses[i].checks;

		cuts.v[cuts.n++] = c->value;
		if (!c->at_least && c->value < c->mask)
			cuts.v[cuts.n++] = c->value + 1;
	}
	qsort(cuts.v, cuts.n, sizeof(*cuts.v), by_value);
	for (size_t i = 0; i < cuts.n; i++)
		if (!kept || cuts.v[i] != cuts.v[kept - 1])
			cuts.v[kept++] = cuts.v[i];
	cuts.n = kept;
	cuts.node = arena_array(kept, sizeof(*cuts.node));
	cuts.next = arena_array(kept + 1, sizeof(*cuts.next));
	for (size_t i = 0; i <= kept; i++)
		cuts.next[i] = i;
	return cuts;
}

/* Returns the index of the cut at the value, or the number of cuts if it is after the last. */
static size_t cut_at(const struct cuts *c, uint64_t value)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->v[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t next_open(struct cuts *c, size_t i)
{
	while (c->next[i] != i) {
		c->next[i] = c->next[c->next[i]];
		i = c->next[i];
	}
	return i;
}

/* Sets the answer for those cuts in [first, end) that have none. */
static void answer(struct cuts *c, size_t first, size_t end, const struct node *node)
{
	for (size_t i = next_open(c, first); i < end; i = next_open(c, i)) {
		c->node[i] = node;
		c->next[i] = i + 1;
	}
}

/* The first clause that matches a value determines its answer. */
static void answer_all(struct tree *t, struct cuts *cuts, const struct clause *clauses, size_t n,
		       const struct node *otherwise)
{
	for (size_t i = 0; i < n; i++) {
		const struct check *c = clauses[i].checks;
		const struct node *node = leaf(t, clauses[i].action);
		size_t first = cut_at(cuts, c->value);
		size_t end = c->at_least || c->value == c->mask ? cuts->n : first + 1;

		if (!c->negate) {
			answer(cuts, first, end, node);
			continue;
		}
		answer(cuts, 0, first, node);
		answer(cuts, end, cuts->n, node);
	}
	answer(cuts, 0, cuts->n, otherwise);
}

static const struct node *build_argument(struct tree *t, const struct clause *clauses, size_t n,
					 const struct node *otherwise)
{
	struct cuts cuts = cuts_of(clauses, n);
	struct spans high = { .v = arena_array(2 * cuts.n + 1, sizeof(struct span)) };
	struct spans low = { .v = arena_array(cuts.n + 1, sizeof(struct span)) };
	uint8_t index = clauses->checks->index;
	const struct node *at_end = NULL; /* the answer just below the current cut */

	answer_all(t, &cuts, clauses, n, otherwise);
	for (size_t i = 0; i < cuts.n;) {
		uint32_t top = (uint32_t)(cuts.v[i] >> 32);

		low.n = 0;
		if ((uint32_t)cuts.v[i])
			spans_add(&low, 0, at_end);
		for (; i < cuts.n && cuts.v[i] >> 32 == top; i++) {
			at_end = cuts.node[i];
			spans_add(&low, (uint32_t)cuts.v[i], at_end);
		}
		spans_add(&high, top, build_spans(t, word_low(index), &low));
		if (top < ALL)
			spans_add(&high, top + 1, at_end);
	}
	if (clauses->checks->mask == ALL)
		return high.v[0].node; /* the upper half is not checked */
	return build_spans(t, word_high(index), &high);
}

/* --- decisions ---------------------------------------------------------------------------- */

static const struct node *build_clause(struct tree *t, const struct clause *c,
				       const struct node *otherwise)
{
	const struct node *node = leaf(t, c->action);

	for (uint32_t i = c->n_checks; i-- > 0;)
		node = build_check(t, &c->checks[i], node, otherwise);
	return node;
}

/* Builds from the last clause to the first: a value that does not match goes to the next clause. */
static const struct node *build_decision(struct tree *t, const struct decision *d)
{
	const struct node *node = leaf(t, d->otherwise);
	size_t i = d->n_clauses;

	while (i > 0) {
		size_t first = i - 1;

		while (first > 0 && is_comparison(&d->clauses[i - 1]) &&
		       same_argument(&d->clauses[i - 1], &d->clauses[first - 1]))
			first--;
		if (is_comparison(&d->clauses[i - 1]))
			node = build_argument(t, &d->clauses[first], i - first, node);
		else
			node = build_clause(t, &d->clauses[first], node);
		i = first;
	}
	return node;
}

static const struct node *build_arch(struct tree *t, const struct policy_arch *arch)
{
	struct spans s = { .v = arena_array(arch->n_ranges, sizeof(struct span)) };

	for (size_t i = 0; i < arch->n_ranges; i++) {
		const struct decision *d = arch->ranges[i].decision;

		if (!t->decisions[d->id])
			t->decisions[d->id] = build_decision(t, d);
		spans_add(&s, arch->ranges[i].first, t->decisions[d->id]);
	}
	return build_spans(t, offsetof(struct seccomp_data, nr), &s);
}

const struct node *tree_make(struct tree *t, const struct policy *policy)
{
	*t = (struct tree){ .decisions = arena_array(policy->n_decisions, sizeof(struct node *)) };
	const struct node *node = leaf(t, policy->bad_arch);

	for (size_t i = policy->n_archs; i-- > 0;)
		node = test(t, NODE_EQUAL, offsetof(struct seccomp_data, arch), ALL,
			    policy->archs[i].audit, build_arch(t, &policy->archs[i]), node);
	return node;
}
