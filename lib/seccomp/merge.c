/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the merge by names.
 *
 * - The default is the stricter of both. An entry that only one profile has gets the stricter of
 *   its action and the other's default, and keeps its conditions.
 * - Of two entries of one name the stricter action applies. If only one has conditions, or both
 * have the same, these stay. Conditions on different arguments are joined. Different conditions on
 * one argument have no entry that says both: the call kills the process.
 *
 * The second point is why a merge by names can be looser than both filters together: an entry that
 * denies under a condition loses cases when the condition of another entry is joined to it.
 */
#include "seccomp/merge.h"

#include "base/arena.h"
#include "seccomp/decision.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>

struct entry {
	bool present;
	uint32_t action;
	uint32_t n;
	const struct condition *conditions;
};

static uint32_t stricter(uint32_t a, uint32_t b)
{
	return decision_action_is_stricter(b, a) ? b : a;
}

static bool has_condition(const struct entry *e, const struct condition *c)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (e->conditions[i].index == c->index && e->conditions[i].op == c->op &&
		    e->conditions[i].value == c->value &&
		    (c->op != SECCOMP_OP_MASKED_EQ || e->conditions[i].value_two == c->value_two))
			return true;
	return false;
}

static bool asks(const struct entry *e, uint8_t index)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (e->conditions[i].index == index)
			return true;
	return false;
}

/* Whether the arguments that both ask are asked alike. */
static bool agree(const struct entry *a, const struct entry *b)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (asks(b, a->conditions[i].index) && !has_condition(b, &a->conditions[i]))
			return false;
	return true;
}

static struct entry pick(const struct entry *a, const struct entry *b)
{
	struct entry ret = { .present = true, .action = stricter(a->action, b->action) };

	if (!a->n || !b->n) {
		ret.n = a->n + b->n;
		ret.conditions = a->n ? a->conditions : b->conditions;
		return ret;
	}
	if (!agree(a, b) || !agree(b, a)) {
		ret.action = SECCOMP_RET_KILL_PROCESS;
		return ret;
	}
	struct condition *all = arena_array(a->n + b->n, sizeof(*all));

	memcpy(all, a->conditions, a->n * sizeof(*all));
	ret.n = a->n;
	for (uint32_t i = 0; i < b->n; i++)
		if (!asks(a, b->conditions[i].index))
			all[ret.n++] = b->conditions[i];
	ret.conditions = all;
	return ret;
}

/* One entry a name, by id. */
static struct entry *entries_of(const struct profile *p)
{
	struct entry *entries = arena_array(syscall_count(), sizeof(*entries));

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			const struct rule *rule = &p->rules[i];
			const struct entry one = { true, rule->action, rule->n_conditions,
						   rule->conditions };
			int id = syscall_id(rule->names[j]);

			if (id >= 0)
				entries[id] = entries[id].present ? pick(&entries[id], &one) : one;
		}
	return entries;
}

static void merge_abis(const struct profile *a, const struct profile *b, struct profile *ret)
{
	const struct profile *only = a->n_abis ? a : b, *other = a->n_abis ? b : a;

	for (size_t i = 0; i < only->n_abis; i++) {
		bool both = !other->n_abis;

		for (size_t j = 0; j < other->n_abis; j++)
			both |= other->abis[j] == only->abis[i];
		if (both)
			ret->abis[ret->n_abis++] = only->abis[i];
	}
}

const struct profile *merge_by_names(const struct profile *a, const struct profile *b)
{
	struct profile *ret = arena_alloc(sizeof(*ret));
	const struct entry *left = entries_of(a), *right = entries_of(b);
	unsigned int n = syscall_count();
	struct rule *rules = arena_array(n, sizeof(*rules));

	*ret = (struct profile){ .place = a->place,
				 .default_action = stricter(a->default_action, b->default_action),
				 .rules = rules };
	merge_abis(a, b, ret);
	for (unsigned int id = 0; id < n; id++) {
		const struct entry *x = &left[id], *y = &right[id];
		const char **name = arena_alloc(sizeof(*name));
		struct entry both;

		if (!x->present && !y->present)
			continue;
		both = x->present ? *x : *y;
		if (x->present && y->present)
			both = pick(x, y);
		else
			both.action = x->present ? stricter(x->action, b->default_action)
						 : stricter(a->default_action, y->action);
		if (both.action == ret->default_action && !both.n)
			continue;
		*name = syscall_name(id);
		rules[ret->n_rules++] = (struct rule){ .action = both.action,
						       .n_names = 1,
						       .names = name,
						       .n_conditions = both.n,
						       .conditions = both.conditions };
	}
	return ret;
}
