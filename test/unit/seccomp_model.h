/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second implementation of the meaning of a profile, as simple as possible and directly from its
 * rules: without a canonical form, sorting or sharing. The library's answers are compared with it.
 */
#ifndef TEST_UNIT_SECCOMP_MODEL_H
#define TEST_UNIT_SECCOMP_MODEL_H

#include "seccomp/profile.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

static bool model_condition(const struct condition *c, uint64_t arg, bool narrow)
{
	uint64_t v = c->value, two = c->value_two;
	bool beyond = false;

	if (narrow && c->op != SECCOMP_OP_MASKED_EQ) {
		arg = (uint32_t)arg;
		if (v == (uint64_t)(int64_t)(int32_t)v)
			v = (uint32_t)v;
		beyond = v > UINT32_MAX;
	}
	switch (c->op) {
	case SECCOMP_OP_NE:
		return beyond || arg != v;
	case SECCOMP_OP_LT:
		return beyond || arg < v;
	case SECCOMP_OP_LE:
		return beyond || arg <= v;
	case SECCOMP_OP_EQ:
		return !beyond && arg == v;
	case SECCOMP_OP_GE:
		return !beyond && arg >= v;
	case SECCOMP_OP_GT:
		return !beyond && arg > v;
	case SECCOMP_OP_MASKED_EQ:
		break;
	}
	if (!narrow)
		return (arg & v) == two;
	if (two >> 32) /* a negative int as 64 bits */
		return ((uint64_t)(int64_t)(int32_t)arg & v) == two;
	return ((uint32_t)arg & v) == two;
}

static bool model_matches(const struct rule *r, enum abi abi, unsigned int id,
			  const uint64_t args[6])
{
	bool all = true, any = false, repeated = false;

	for (uint32_t i = 0; i < r->n_conditions; i++) {
		const struct condition *c = &r->conditions[i];
		bool holds =
			model_condition(c, args[c->index], syscall_narrow(abi, id) >> c->index & 1);

		all &= holds;
		any |= holds;
		for (uint32_t j = 0; j < i; j++)
			repeated |= r->conditions[j].index == c->index;
	}
	return repeated ? any : all;
}

static int32_t model_rank(uint32_t action)
{
	return (int32_t)(action & SECCOMP_RET_ACTION_FULL);
}

/* The result of the rules for one name without regard to arguments. */
struct model_says {
	bool always;	 /* an unconditional rule other than the default's; the first applies */
	bool as_default; /* an unconditional rule with the default's action */
	bool sometimes;	 /* a conditional rule with another action than the default's */
	uint32_t action; /* of that rule if always, otherwise the default's */
	uint32_t worst;	 /* strictest action that the call can get */
};

static struct model_says model_says(const struct profile *p, int id)
{
	struct model_says s = { .action = p->default_action, .worst = p->default_action };

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			const struct rule *r = &p->rules[i];

			if (syscall_id(r->names[j]) != id)
				continue;
			if (r->action == p->default_action) {
				s.as_default |= !r->n_conditions;
			} else if (r->n_conditions) {
				s.sometimes = true;
				if (model_rank(r->action) < model_rank(s.worst))
					s.worst = r->action;
			} else if (!s.always) {
				s.always = true;
				s.action = r->action;
			}
		}
	return s;
}

/* The answer of a multiplexer for the call; false: only the rules of the multiplexer itself
 * apply. */
static bool model_mux(const struct profile *p, unsigned int id, int multiplexer, uint32_t *ret)
{
	struct model_says call = model_says(p, (int)id), own = model_says(p, multiplexer);
	bool holds = call.always || (call.as_default && !call.sometimes);
	bool own_holds = own.always || (own.as_default && !own.sometimes);

	if (holds && own_holds) {
		*ret = call.action;
		if (model_rank(own.action) < model_rank(*ret))
			*ret = own.action;
		return true;
	}
	*ret = holds ? call.action : call.worst;
	return (holds || call.sometimes) && !own_holds;
}

/* The answer of the profile for a number that the ABI knows. */
static uint32_t model_known(const struct profile *p, enum abi abi, uint32_t nr,
			    const uint64_t args[6])
{
	uint32_t answer = p->default_action;
	bool matched = false, fixed = false;

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			const struct rule *r = &p->rules[i];
			int id = syscall_id(r->names[j]);

			if (id < 0 || syscall_nr(abi, (unsigned int)id) != nr ||
			    r->action == p->default_action || fixed)
				continue;
			if (!r->n_conditions) {
				answer = r->action;
				fixed = matched = true;
			} else if (model_matches(r, abi, (unsigned int)id, args) &&
				   (!matched || model_rank(r->action) < model_rank(answer))) {
				answer = r->action;
				matched = true;
			}
		}
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(abi, i, &id, &mux); i++) {
		uint32_t says;

		if (mux.nr != nr || (args[0] & mux.mask) != mux.call ||
		    !model_mux(p, id, syscall_at(abi, nr), &says))
			continue;
		/* A conditional rule is evaluated together with the unconditional one. */
		if (fixed || !matched || model_rank(says) < model_rank(answer))
			answer = says;
		matched = true;
		fixed = false;
	}
	return answer;
}

static bool model_denies(uint32_t action)
{
	return model_rank(action) < model_rank(SECCOMP_RET_USER_NOTIF);
}

/* Whether a rule names a call of that ABI with that number or a higher one. */
static bool model_names_as_late(const struct profile *p, enum abi abi, uint32_t nr)
{
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			int id = syscall_id(p->rules[i].names[j]);
			uint32_t own = id < 0 ? SYSCALL_NONE : syscall_nr(abi, (unsigned int)id);
			struct syscall_mux mux;

			if (own < syscall_end(abi) && own >= nr)
				return true;
			if (id >= 0 && syscall_mux(abi, (unsigned int)id, &mux) && mux.nr >= nr)
				return true;
		}
	return false;
}

static uint32_t model_verdict(const struct profile *p, enum abi native,
			      const struct seccomp_data *data)
{
	uint32_t nr = (uint32_t)data->nr;
	uint64_t args[6];
	bool listed[ABI_COUNT] = { 0 }, arch_listed = false;
	bool bit = nr >= 0x40000000 && nr < 0x80000000;

	listed[native] = true;

	for (size_t i = 0; i < 6; i++)
		args[i] = data->args[i];
	for (size_t i = 0; i < p->n_abis; i++)
		listed[p->abis[i]] = true;
	for (int i = 0; i < ABI_OWN; i++)
		arch_listed |= listed[i] && arch_abi((enum abi)i)->audit == data->arch;
	if (!arch_listed)
		return SECCOMP_RET_KILL_PROCESS;
	if (nr == UINT32_MAX)
		return SECCOMP_RET_ALLOW;
	for (enum abi i = 0; i < ABI_OWN; i++) {
		const struct arch_abi *info = arch_abi(i);
		uint32_t number = nr & ~info->nr_bit;

		if (info->audit != data->arch || bit != (info->nr_bit != 0) || !listed[i] ||
		    syscall_at(i, number) < 0)
			continue;
		if (number < syscall_end(i) && model_denies(p->default_action) &&
		    model_names_as_late(p, i, 0) && !model_names_as_late(p, i, number))
			return SECCOMP_RET_ERRNO | ENOSYS;
		return model_known(p, i, number, args);
	}
	if (data->arch == arch_abi(ABI_X86_64)->audit && bit && !listed[ABI_X32])
		return SECCOMP_RET_ERRNO | ENOSYS;
	return model_denies(p->default_action) ? SECCOMP_RET_ERRNO | ENOSYS : p->default_action;
}

#endif
