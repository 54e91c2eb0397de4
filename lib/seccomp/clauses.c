/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how rules combine.
 *
 * - The conditions of one rule are ANDed. If two of them are about the same argument, each
 *   condition becomes a rule of its own. (runc does so, and CRI-O's default profile needs it.)
 * - An unconditional rule takes precedence over conditional ones.
 * - Of several conditional rules that match, the strictest action wins, in the kernel's order;
 *   among equal ones the first in the profile.
 * - The same condition with another action is a contradiction and an error.
 *
 * The arguments of a multiplexer (socketcall, ipc) lie in memory, which a filter cannot read. An
 * unconditional rule about a call also applies to the call through the multiplexer. If the answer
 * to a call depends on arguments, an unconditional rule about the multiplexer decides, and without
 * such a rule the strictest action that the call can get.
 */
#include "seccomp/clauses.h"
#include "seccomp/syscall.h"

#include "base/arena.h"
#include "base/err.h"

#include <errno.h>
#include <string.h>

enum { CLAUSES_MAX = 4096 }; /* per call; a program cannot have more instructions than that */

/* The clauses of a decision that is being built. */
struct list {
	struct clauses *c;
	enum abi abi;
	bool failed;
	uint32_t n;
	struct clause *v;
	const struct call *own; /* rules about the number itself; NULL: none */
};

void clauses_init(struct clauses *c, const struct profile *profile, bool compat_runc)
{
	*c = (struct clauses){ .profile = profile, .compat = compat_runc };
}

static const struct decision *intern(struct clauses *c, const struct decision *d)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (decision_equal(c->decisions[i], d))
			return c->decisions[i];
	struct decision *kept = arena_alloc(sizeof(*kept));

	*kept = *d;
	kept->id = c->n;
	c->decisions = arena_grow((void *)c->decisions, c->n, &c->room, sizeof(*c->decisions));
	c->decisions[c->n++] = kept;
	return kept;
}

const struct decision *clauses_constant(struct clauses *c, uint32_t action)
{
	/* Most numbers have the same answer as the number before. */
	if (!c->last || c->last->otherwise != action)
		c->last = intern(c, &(struct decision){ .otherwise = action });
	return c->last;
}

/* --- rules to clauses --------------------------------------------------------------------- */

static enum width width_of(const struct list *l, unsigned int id, uint8_t index)
{
	if (l->c->compat)
		return arch_abi(l->abi)->bits == 32 || l->abi == ABI_X32 ? WIDTH_32_RUNC : WIDTH_64;
	return syscall_narrow(l->abi, id) >> index & 1 ? WIDTH_32 : WIDTH_64;
}

static void add(struct list *l, const struct clause *clause)
{
	if (l->n < CLAUSES_MAX)
		l->v[l->n++] = *clause;
	else
		l->failed = true;
}

/*
 * Inserts a check in order of the arguments and without duplicates, so that equal sets of checks
 * are identical.
 */
static uint32_t insert_check(struct check *checks, uint32_t n, const struct check *check)
{
	uint32_t i = n;

	for (uint32_t j = 0; j < n; j++)
		if (decision_check_equal(&checks[j], check))
			return n;
	for (; i && checks[i - 1].index > check->index; i--)
		checks[i] = checks[i - 1];
	checks[i] = *check;
	return n + 1;
}

/* Adds a clause of conditions that must all hold, together with the check `extra` (NULL: none). */
static void add_all(struct list *l, const struct written *w, const struct condition *conditions,
		    uint32_t n, const struct check *extra)
{
	struct check *checks = arena_array(n + 1, sizeof(*checks));
	uint32_t n_checks = 0;

	if (extra)
		checks[n_checks++] = *extra;
	for (uint32_t i = 0; i < n; i++) {
		struct check check;

		if (extra && conditions[i].index == extra->index)
			continue;
		switch (decision_check_make(&conditions[i], width_of(l, w->id, conditions[i].index),
					    &check)) {
		case NEVER:
			return;
		case SOMETIMES:
			n_checks = insert_check(checks, n_checks, &check);
			break;
		case ALWAYS:
			break;
		}
	}
	add(l, &(struct clause){ .action = w->rule->action,
				 .n_checks = n_checks,
				 .checks = checks,
				 .rule = extra ? NULL : w->rule });
}

static void add_written(struct list *l, const struct written *w, const struct check *extra)
{
	const struct rule *r = w->rule;

	if (!profile_rule_repeats_index(r)) {
		add_all(l, w, r->conditions, r->n_conditions, extra);
		return;
	}
	for (uint32_t i = 0; i < r->n_conditions; i++)
		add_all(l, w, &r->conditions[i], 1, extra);
}

/* --- multiplexers ------------------------------------------------------------------------- */

/* Whether its answer does not depend on arguments, because a rule says so. */
static bool is_settled(const struct call *call)
{
	return call->fixed || (call->defaults && !call->first);
}

/* The action of the unconditional rule about it. */
static uint32_t said(const struct list *l, const struct call *call)
{
	return call->fixed ? call->action : l->c->profile->default_action;
}

/* The strictest action that the direct call can get. */
static uint32_t strictest(const struct list *l, const struct call *call)
{
	uint32_t action = said(l, call);

	if (!call->fixed)
		for (const struct written *w = call->first; w; w = w->next)
			if (decision_action_is_stricter(w->rule->action, action))
				action = w->rule->action;
	return action;
}

/*
 * The action for a call through the multiplexer. Returns false if the rule about the multiplexer
 * applies instead. If there are unconditional rules about both, the stricter one applies, because a
 * profile that denies all of socketcall intends that.
 */
static bool answer_through(const struct list *l, const struct call *call, uint32_t *ret)
{
	bool own = l->own && is_settled(l->own);

	*ret = strictest(l, call);
	return is_settled(call) ? !own || !decision_action_is_stricter(said(l, l->own), *ret)
				: !own;
}

/*
 * As libseccomp: the number of the multiplexed call replaces every condition on argument 0. If
 * there is an unconditional rule about the multiplexer nothing else counts.
 */
static void add_mux_call_runc(struct list *l, const struct mux_call *sub,
			      const struct check *number)
{
	if (l->own && l->own->fixed)
		return;
	if (sub->call->fixed)
		add(l, &(struct clause){
			       .action = sub->call->action, .n_checks = 1, .checks = number });
	else
		for (const struct written *w = sub->call->first; w; w = w->next)
			add_written(l, w, number);
}

static void add_mux_call(struct list *l, const struct mux_call *sub)
{
	struct check *number = arena_alloc(sizeof(*number));
	uint32_t action;

	*number = (struct check){ .mask = sub->mux.mask, .value = sub->mux.call };
	if (l->c->compat)
		add_mux_call_runc(l, sub, number);
	else if (answer_through(l, sub->call, &action))
		add(l, &(struct clause){ .action = action, .n_checks = 1, .checks = number });
}

/* --- the list ----------------------------------------------------------------------------- */

/* Merges two adjacent sorted runs. The sort is stable. */
static void merge(const struct clause *a, const struct clause *end_a, const struct clause *end_b,
		  struct clause *out)
{
	const struct clause *b = end_a;

	while (a < end_a || b < end_b) {
		bool second = b < end_b &&
			      (a == end_a || decision_action_is_stricter(b->action, a->action));

		*out++ = second ? *b++ : *a++;
	}
}

/* Sorts the clauses with the strictest first. */
static void sort(struct list *l)
{
	struct clause *from = l->v, *to = arena_array(l->n, sizeof(*to));

	for (uint32_t run = 1; run < l->n; run *= 2) {
		for (uint32_t i = 0; i < l->n; i += 2 * run) {
			uint32_t mid = i + run < l->n ? i + run : l->n;
			uint32_t end = i + 2 * run < l->n ? i + 2 * run : l->n;

			merge(from + i, from + mid, from + end, to + i);
		}
		struct clause *t = from;

		from = to;
		to = t;
	}
	l->v = from;
}

static bool same_checks(const struct clause *a, const struct clause *b)
{
	if (a->n_checks != b->n_checks)
		return false;
	for (uint32_t i = 0; i < a->n_checks; i++)
		if (!decision_check_equal(&a->checks[i], &b->checks[i]))
			return false;
	return true;
}

static int contradiction(const struct list *l, const struct clause *a, const struct clause *b)
{
	size_t first = (size_t)(a->rule - l->c->profile->rules);
	size_t second = (size_t)(b->rule - l->c->profile->rules);

	if (first > second) {
		size_t t = first;

		first = second;
		second = t;
	}
	return fail(0,
		    "%s.syscalls[%u]: the same condition as in syscalls[%u], with another action",
		    l->c->profile->place, l->c->profile->rules[second].index,
		    l->c->profile->rules[first].index);
}

static uint32_t hash_checks(const struct clause *c)
{
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t h = c->n_checks;

	for (uint32_t i = 0; i < c->n_checks; i++) {
		const struct check *k = &c->checks[i];

		h = (h ^ k->index ^ (uint64_t)k->at_least << 8 ^ (uint64_t)k->negate << 9) * odd;
		h = (h ^ h >> 29 ^ k->mask) * odd;
		h = (h ^ h >> 29 ^ k->value) * odd;
	}
	return (uint32_t)(h >> 32);
}

/*
 * Removes clauses whose checks are the same as those of an earlier clause. Uses a hash table,
 * because a rule with thousands of conditions may name every call.
 */
static int drop_repeated(struct list *l)
{
	uint32_t n = 0, room = 4;

	while (room < 2 * l->n)
		room *= 2;
	uint32_t *table = arena_array(room, sizeof(*table)); /* 1 + index into the list */

	for (uint32_t i = 0; i < l->n; i++) {
		const struct clause *b = &l->v[i], *a = NULL;
		uint32_t at = hash_checks(b) & (room - 1);

		for (; table[at]; at = (at + 1) & (room - 1)) {
			a = &l->v[table[at] - 1];
			if (same_checks(a, b))
				break;
		}
		if (table[at]) {
			if (a->rule && b->rule && a->action != b->action && a->n_checks)
				return contradiction(l, a, b);
			continue;
		}
		l->v[n++] = *b;
		table[at] = n;
	}
	l->n = n;
	return 0;
}

/* Removes what follows a clause that always matches, and clauses at the end that have no effect. */
static void cut(struct list *l, struct decision *d)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (!l->v[i].n_checks) {
			d->otherwise = l->v[i].action;
			l->n = i;
		}
	while (l->n && l->v[l->n - 1].action == d->otherwise)
		l->n--;
	d->n_clauses = l->n;
	d->clauses = l->v;
}

/* Upper bound of the number of clauses. */
static size_t count(const struct call *call, const struct mux_call *subs)
{
	size_t n = 0;

	if (call && !call->fixed)
		for (const struct written *w = call->first; w; w = w->next)
			n += w->rule->n_conditions;
	for (; subs; subs = subs->next) {
		n++;
		for (const struct written *w = subs->call->first; w; w = w->next)
			n += w->rule->n_conditions;
	}
	return n < CLAUSES_MAX ? n : CLAUSES_MAX;
}

int clauses_decide(struct clauses *c, enum abi abi, const struct call *call,
		   const struct mux_call *subs, const struct decision **ret)
{
	struct list l = { .c = c, .abi = abi, .own = call };
	struct decision d = { .otherwise = c->profile->default_action };
	bool fixed = call && call->fixed;

	l.v = arena_array(count(call, subs), sizeof(*l.v));
	if (call && !fixed)
		for (const struct written *w = call->first; w; w = w->next)
			add_written(&l, w, NULL);
	for (; subs; subs = subs->next)
		add_mux_call(&l, subs);
	if (l.failed)
		return fail(0, "%s: %s: expected at most %d conditions on one call, found more",
			    c->profile->place,
			    call && call->first ? syscall_name(call->first->id) : "a multiplexer",
			    CLAUSES_MAX);
	if (fixed)
		d.otherwise = call->action;
	sort(&l);
	if (drop_repeated(&l) < 0)
		return -EINVAL;
	cut(&l, &d);
	*ret = intern(c, &d);
	return 0;
}
