/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the combination of profiles by what they answer. The answers are combined number by number,
 * then a profile is made that gives them. What must hold before it is returned: the profile gives
 * the combined answers, and, of an intersection, none that is looser than one of the inputs; of a
 * union, none that is stricter.
 */
#include "seccomp/combine.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/compose.h"
#include "seccomp/difference.h"
#include "seccomp/runtimes.h"

#include <linux/seccomp.h>
#include <string.h>

static void combine_answers(const struct combine *c, enum canon_tie tie, struct canon *canon,
			    struct verdicts *ret)
{
	*ret = c->inputs[0].verdicts;
	for (size_t i = 1; i < c->n; i++) {
		struct verdicts all;

		verdicts_combine(canon, c->unite, tie, ret, &c->inputs[i].verdicts, &all);
		*ret = all;
	}
}

/*
 * Where two inputs deny with different errors either is right. The first one's is taken, unless no
 * profile can say that: a name may then get ENOSYS on one architecture only.
 */
static int compose(const struct combine *c, struct canon *canon, struct composed *ret)
{
	struct verdicts wanted = { 0 };
	bool found = false;
	int r = 0;

	for (int tie = 0; tie < CANON_TIES && !found && r == 0; tie++) {
		combine_answers(c, (enum canon_tie)tie, canon, &wanted);
		r = c->whole ? compose_profile_whole(c->name, &wanted, canon, c->native, ret)
			     : compose_profile(c->name, &wanted, canon, c->native, ret);
		found = r == 0 && ret->equal;
	}
	if (r == 0 && canon->overflow)
		r = fail(0, "the conditions are too complex to be combined");
	if (r == 0 && !found)
		r = fail(0, "%s cannot be said as a profile: %s", c->name,
			 c->describe(canon, &wanted, &ret->verdicts));
	return r;
}

/*
 * The stricter of both answers is the result's everywhere if it is within the input; it is the
 * input's everywhere if the result contains it.
 */
static bool holds(const struct verdicts *result, const struct verdicts *input, bool unite,
		  struct canon *canon)
{
	const struct verdicts *first = unite ? input : result;
	struct verdicts stricter;

	verdicts_join(canon, first, unite ? result : input, &stricter);
	return verdicts_equal(&stricter, first);
}

static int prove(const struct combine *c, const struct combined *result, struct canon *canon)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct combine_input *input = &c->inputs[i];

		if (!holds(&result->verdicts, &input->verdicts, c->unite, canon))
			return fail(0, "%s: the combination is wrong: %s", input->name,
				    c->describe(canon, &input->verdicts, &result->verdicts));
	}
	return 0;
}

/* --- flags and listeners ------------------------------------------------------------------ */

/* A profile without flags gets this one (filter.c). */
static uint32_t flags_of(const struct profile *p)
{
	return p->set_flags ? p->flags : SECCOMP_FILTER_FLAG_SPEC_ALLOW;
}

/*
 * SPEC_ALLOW switches a mitigation off: an intersection has it if all inputs have it. More log
 * entries hurt nobody. A program has no flags to be considered.
 */
static void combine_flags(const struct combine *c, struct profile *ret)
{
	const uint32_t spec_allow = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	uint32_t all = 0, every = UINT32_MAX;

	for (size_t i = 0; i < c->n; i++) {
		const struct profile *p = c->inputs[i].profile;

		if (!p)
			continue;
		ret->set_flags |= p->set_flags;
		all |= flags_of(p);
		every &= flags_of(p);
	}
	if (ret->set_flags)
		ret->flags = (all & ~spec_allow) | ((c->unite ? all : every) & spec_allow);
}

static int combine_listeners(const struct combine *c, struct profile *ret)
{
	const struct combine_input *from = NULL;

	if (!profile_notifies(ret))
		return 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct combine_input *in = &c->inputs[i];

		if (!in->profile || !in->profile->listener_path)
			continue;
		if (from && strcmp(ret->listener_path, in->profile->listener_path) != 0)
			return fail(0, "%s and %s have different values of listenerPath",
				    from->name, in->name);
		from = in;
		ret->listener_path = in->profile->listener_path;
		ret->listener_metadata = in->profile->listener_metadata;
	}
	return 0;
}

int combine_profiles(const struct combine *c, struct canon *canon, struct combined *ret)
{
	struct composed composed = { 0 };
	int r = compose(c, canon, &composed);

	if (r < 0)
		return r;
	*ret = (struct combined){ *composed.profile, composed.verdicts };
	combine_flags(c, &ret->profile);
	r = combine_listeners(c, &ret->profile);
	return r < 0 ? r : prove(c, ret, canon);
}

/* --- within ------------------------------------------------------------------------------- */

static bool is_looser(uint32_t limit, uint32_t action)
{
	return decision_action_is_stricter(limit, action);
}

/*
 * With libseccomp the number of a call in no table gets the default action, which is one of many
 * denials that are right for it.
 */
static bool lets_more_through(uint32_t limit, uint32_t action)
{
	return decision_action_lets_through(action) && is_looser(limit, action);
}

/* LOG is a duty, SPEC_ALLOW a permission. */
static const char *compare_flags(const struct profile *profile, const struct profile *limit)
{
	uint32_t own = flags_of(profile), its = flags_of(limit);

	if (own & ~its & SECCOMP_FILTER_FLAG_SPEC_ALLOW)
		return "the flag SECCOMP_FILTER_FLAG_SPEC_ALLOW";
	return its & ~own & SECCOMP_FILTER_FLAG_LOG ? "no flag SECCOMP_FILTER_FLAG_LOG" : NULL;
}

int combine_is_within(const struct profile *profile, const struct profile *limit, enum abi native,
		      struct canon *canon, const char **ret_where)
{
	*ret_where = compare_flags(profile, limit);
	for (int i = 0; i < RUNTIME_COUNT && !*ret_where; i++) {
		const enum runtime runtime = (enum runtime)i;
		struct verdicts own, its;
		int r = runtimes_verdicts(profile, native, runtime, canon, &own);

		if (r == 0)
			r = runtimes_verdicts(limit, native, runtime, canon, &its);
		if (r == 0 && canon->overflow)
			r = fail(0, "%s: the conditions are too complex to be compared",
				 profile->place);
		if (r < 0)
			return r;
		const char *where =
			difference_first(canon, &its, &own,
					 runtime == RUNTIME_TAMIS ? is_looser : lets_more_through);

		if (where)
			*ret_where = arena_printf("%s, under %s", where, runtimes_name(runtime));
	}
	return !*ret_where;
}
