/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the rules of calls that are allowed only with the values that were recorded. Where these are
 * not known, or are too many, the call is allowed with all.
 */
#include "cmd/seccomp/needs_args.h"

#include "base/arena.h"
#include "cmd/seccomp/say.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

enum { ARGS = 6, RULES_PER_CALL = 32, SOCK_TYPE_MASK = 0xf };

struct maker {
	const struct needs *needs;
	enum abi native;
	struct needs_rules *ret;
};

/* What the kernel takes for the kind of a socket; the other bits are flags of the descriptor. */
static uint64_t mask_of(unsigned int id, unsigned int index)
{
	const char *call = syscall_name(id);

	return index == 1 && (strcmp(call, "socket") == 0 || strcmp(call, "socketpair") == 0)
		       ? SOCK_TYPE_MASK
		       : UINT64_MAX;
}

static void add_value(struct recording_values *to, uint64_t value)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i] == value)
			return;
	if (to->n == RECORDING_VALUES_MAX)
		to->many = true;
	else
		to->v[to->n++] = value;
}

/* All values of the call's arguments; false: some are not known. */
static bool collect(const struct needs *needs, unsigned int id, struct recording_values *ret)
{
	const struct recording *r = needs->recording;
	uint8_t interest = 0;

	for (size_t i = 0; i < r->n_calls; i++) {
		const struct recording_call *c = &r->calls[i];
		uint8_t here = recording_interest(r, c->abi, c->id);

		if (c->id != (int)id)
			continue;
		/* the same argument must have the same place on all architectures */
		if (!c->args || c->assumed || (interest && interest != here))
			return false;
		interest = here;
		for (unsigned int index = 0; index < ARGS; index++) {
			const struct recording_values *v = &c->args[index];

			if (here >> index & 1 && (v->many || !v->n))
				return false;
			for (size_t k = 0; k < v->n; k++)
				add_value(&ret[index], v->v[k] & mask_of(id, index));
			if (ret[index].many)
				return false;
		}
	}
	return interest;
}

/* Leaves out the last arguments until there are few rules. */
static size_t limit_rules(struct recording_values *v)
{
	size_t product;

	for (unsigned int last = ARGS; last-- > 0;) {
		product = 1;
		for (unsigned int i = 0; i <= last; i++)
			product *= v[i].n ? v[i].n : 1;
		if (product <= RULES_PER_CALL)
			return product;
		v[last].n = 0;
	}
	return 1;
}

/* A rule for each combination of the values. */
static void add_combinations(struct maker *m, unsigned int id, const struct recording_values *v,
			     size_t n)
{
	const char **names = arena_array(1, sizeof(*names));

	names[0] = syscall_name(id);
	for (size_t number = 0; number < n; number++) {
		struct condition *conditions = arena_array(ARGS, sizeof(*conditions));
		struct rule rule = { .action = SECCOMP_RET_ALLOW,
				     .n_names = 1,
				     .names = names,
				     .conditions = conditions };
		size_t rest = number;

		for (unsigned int index = 0; index < ARGS; index++) {
			uint64_t mask = mask_of(id, index);
			bool whole = mask == UINT64_MAX;

			if (!v[index].n)
				continue;
			uint64_t value = v[index].v[rest % v[index].n];

			rest /= v[index].n;
			conditions[rule.n_conditions++] = (struct condition){
				.index = (uint8_t)index,
				.op = whole ? SECCOMP_OP_EQ : SECCOMP_OP_MASKED_EQ,
				.value = whole ? value : mask,
				.value_two = whole ? 0 : value,
			};
		}
		needs_rules_add(m->ret, &rule,
				arena_printf("%s: %s", needs_reason(m->needs, id),
					     say_conditions(m->native, (int)id, &rule)));
	}
}

/* False: the arguments are not known, or too many. */
static bool add_by_args(struct maker *m, unsigned int id)
{
	struct recording_values v[ARGS] = { 0 };
	size_t n, args = 0;

	if (!m->needs->seen[id])
		return false;
	if (!collect(m->needs, id, v)) {
		fprintf(stderr,
			"tamis seccomp: %s is allowed with all arguments: too many, or not all, "
			"are known\n",
			syscall_name(id));
		return false;
	}
	n = limit_rules(v);
	for (unsigned int i = 0; i < ARGS; i++)
		args += v[i].n > 0;
	if (args)
		add_combinations(m, id, v, n);
	return args > 0;
}

void needs_args_add(const struct needs *needs, enum abi native, bool *by_args,
		    struct needs_rules *ret)
{
	struct maker m = { .needs = needs, .native = native, .ret = ret };

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (by_args[id])
			by_args[id] = add_by_args(&m, id);
}
