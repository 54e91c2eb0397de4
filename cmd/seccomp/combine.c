/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the combination of profiles by what they answer. The answers are combined number by number,
 * then a profile is made that gives them. What must hold before anything is printed: the profile
 * gives the combined answers, and, of an intersection, none that is looser than one of the inputs;
 * of a union, none that is stricter.
 */
#include "cmd/seccomp/combine.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/losses.h"
#include "oci/jsonw.h"
#include "seccomp/compose.h"

#include <linux/seccomp.h>
#include <string.h>

static int read_inputs(const struct combine_options *options, char *const *words, size_t n,
		       struct canon *canon, struct combination *ret)
{
	struct profile_facts facts;
	int r = subject_facts(&options->subject, &facts);

	*ret = (struct combination){ .n = n, .inputs = arena_array(n, sizeof(*ret->inputs)) };
	for (size_t i = 0; i < n && r >= 0; i++)
		r = subject_read(words[i], &options->subject, &facts, canon, &ret->inputs[i]);
	return r;
}

static void combine_answers(const struct combination *c, bool unite, enum canon_tie tie,
			    struct canon *canon, struct verdicts *ret)
{
	*ret = c->inputs[0].verdicts;
	for (size_t i = 1; i < c->n; i++) {
		struct verdicts all;

		verdicts_combine(canon, unite, tie, ret, &c->inputs[i].verdicts, &all);
		*ret = all;
	}
}

/*
 * Where two inputs deny with different errors either is right. The first one's is taken, unless no
 * profile can say that: a name may then get ENOSYS on one architecture only.
 */
static int compose(const char *name, const struct combination *c, bool unite, struct canon *canon,
		   struct composed *ret)
{
	struct verdicts wanted = { 0 };
	bool found = false;
	int r = 0;

	for (int tie = 0; tie < CANON_TIES && !found && r == 0; tie++) {
		combine_answers(c, unite, (enum canon_tie)tie, canon, &wanted);
		r = compose_profile(name, &wanted, canon, c->inputs[0].facts.native, ret);
		found = r == 0 && ret->equal;
	}
	if (r == 0 && canon->overflow)
		r = fail(0, "the conditions are too complex to be combined");
	if (r == 0 && !found)
		r = fail(0, "%s cannot be said as a profile: %s", name,
			 losses_first(canon, &wanted, &ret->verdicts));
	return r;
}

/*
 * The stricter of both answers is the result's everywhere if it is within the input; it is the
 * input's everywhere if the result contains it.
 */
static bool holds(const struct verdicts *result, const struct subject *input, bool unite,
		  struct canon *canon)
{
	const struct verdicts *first = unite ? &input->verdicts : result;
	struct verdicts stricter;

	verdicts_join(canon, first, unite ? result : &input->verdicts, &stricter);
	return verdicts_equal(&stricter, first);
}

static int prove(const struct combination *c, bool unite, struct canon *canon)
{
	for (size_t i = 0; i < c->n; i++)
		if (!holds(&c->result.verdicts, &c->inputs[i], unite, canon))
			return fail(
				0, "%s: the combination is wrong: %s", c->inputs[i].name,
				losses_first(canon, &c->inputs[i].verdicts, &c->result.verdicts));
	return 0;
}

/*
 * SPEC_ALLOW switches a mitigation off: an intersection has it if all inputs have it. More log
 * entries hurt nobody. A program has no flags to be considered.
 */
static void combine_flags(const struct combination *c, bool unite, struct profile *ret)
{
	const uint32_t spec_allow = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	uint32_t all = 0, every = UINT32_MAX;

	for (size_t i = 0; i < c->n; i++) {
		const struct profile *p = c->inputs[i].profile;

		if (!p)
			continue;
		ret->set_flags |= p->set_flags;
		all |= p->set_flags ? p->flags : spec_allow;
		every &= p->set_flags ? p->flags : spec_allow;
	}
	if (ret->set_flags)
		ret->flags = (all & ~spec_allow) | ((unite ? all : every) & spec_allow);
}

static bool notifies(const struct profile *p)
{
	bool found = p->default_action == SECCOMP_RET_USER_NOTIF;

	for (size_t i = 0; i < p->n_rules; i++)
		found |= p->rules[i].action == SECCOMP_RET_USER_NOTIF;
	return found;
}

static int combine_listeners(const struct combination *c, struct profile *ret)
{
	const struct subject *from = NULL;

	if (!notifies(ret))
		return 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct subject *s = &c->inputs[i];

		if (!s->profile || !s->profile->listener_path)
			continue;
		if (from && strcmp(ret->listener_path, s->profile->listener_path) != 0)
			return fail(0, "%s and %s have different values of listenerPath",
				    from->name, s->name);
		from = s;
		ret->listener_path = s->profile->listener_path;
		ret->listener_metadata = s->profile->listener_metadata;
	}
	return 0;
}

int combine(struct combine_options *options, bool unite, char *const *words, size_t n,
	    struct canon *canon, struct combination *ret)
{
	const char *name = unite ? "the union" : "the intersection";
	struct profile *profile = arena_alloc(sizeof(*profile));
	struct composed composed = { 0 };
	int r;

	if (!options->as.form)
		options->as.form = "oci";
	r = as_check(&options->as);
	canon_init(canon);
	if (r >= 0)
		r = read_inputs(options, words, n, canon, ret);
	if (r >= 0)
		r = compose(name, ret, unite, canon, &composed);
	if (r < 0)
		return r;
	*profile = *composed.profile;
	combine_flags(ret, unite, profile);
	r = combine_listeners(ret, profile);
	ret->result = (struct subject){ .name = unite ? "union" : "intersection",
					.form = "profile",
					.facts = ret->inputs[0].facts,
					.thread = options->subject.thread,
					.profile = profile,
					.verdicts = composed.verdicts };
	return r < 0 ? r : prove(ret, unite, canon);
}

void combine_write(struct jsonw *w, const char *schema, const struct combination *c)
{
	jsonw_object(w);
	jsonw_member_string(w, "schema", schema);
	jsonw_member_array(w, "inputs");
	for (size_t i = 0; i < c->n; i++)
		jsonw_string(w, c->inputs[i].name);
	jsonw_end(w);
	jsonw_key(w, "profile");
	profile_write(w, c->result.profile);
}
