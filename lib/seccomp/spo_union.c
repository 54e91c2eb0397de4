/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the union of a base profile and the profile that names it.
 *
 * The operator joins the two lists so that nothing is permitted less than in either of them. In
 * a profile, though, the first rule without conditions beats all others of its call, and of
 * conditions that hold the strictest wins. So the lists cannot just be joined: where they differ
 * about a call, the rules of one side go. Where neither side may go the union is refused, since
 * either list would then be cut.
 */
#include "seccomp/spo_union.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/json.h"
#include "seccomp/decision.h"
#include "seccomp/syscall.h"

/* What one list says of one call. */
struct side {
	const struct rule *first; /* NULL: nothing */
	bool always;		  /* there is a rule without conditions; then its action: */
	uint32_t action;	  /* else that of the first rule */
	bool mixed;		  /* conditions with different actions */
};

/* Which rules about a call stay. */
struct verdict {
	bool base_goes, own_goes;
};

static void side_add(struct side *side, const struct rule *rule)
{
	if (side->always)
		return;
	if (!rule->n_conditions) {
		side->always = true;
		side->mixed = false;
		side->action = rule->action;
	} else if (!side->first) {
		side->action = rule->action;
	} else if (side->action != rule->action) {
		side->mixed = true;
	}
	if (!side->first)
		side->first = rule;
}

static struct side *sides_of(const struct profile *profile)
{
	struct side *sides = arena_array(syscall_count(), sizeof(*sides));

	for (size_t i = 0; i < profile->n_rules; i++)
		for (uint32_t j = 0; j < profile->rules[i].n_names; j++) {
			int id = syscall_id(profile->rules[i].names[j]);

			if (id >= 0)
				side_add(&sides[id], &profile->rules[i]);
		}
	return sides;
}

/* false: no rules can say the union. */
static bool decide(const struct side *base, const struct side *own, uint32_t otherwise,
		   struct verdict *ret)
{
	bool base_stricter = decision_action_is_stricter(base->action, own->action);

	if (!base->first || !own->first ||
	    (base->action == own->action && !base->mixed && !own->mixed))
		return true;
	if (base->always && own->always) {
		*(base_stricter ? &ret->base_goes : &ret->own_goes) = true;
		return true;
	}
	if (base->mixed || own->mixed || (!base->always && !own->always))
		return false;
	/* one is unconditional: it takes all, or it is what the default says anyhow */
	if (base->always && base_stricter)
		ret->base_goes = true;
	else if (own->always && !base_stricter)
		ret->own_goes = true;
	else
		*(base->always ? &ret->own_goes : &ret->base_goes) = true;
	if ((ret->base_goes && base->always) || (ret->own_goes && own->always))
		return (base->always ? base->action : own->action) == otherwise;
	return true;
}

/* The rules without those names that go. */
static size_t keep(const struct profile *from, const struct verdict *verdicts, bool is_base,
		   struct rule *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < from->n_rules; i++) {
		struct rule rule = from->rules[i];
		const char **names = arena_array(rule.n_names, sizeof(*names));

		rule.n_names = 0;
		for (uint32_t j = 0; j < from->rules[i].n_names; j++) {
			const char *name = from->rules[i].names[j];
			int id = syscall_id(name);

			if (id < 0 || !(is_base ? verdicts[id].base_goes : verdicts[id].own_goes))
				names[rule.n_names++] = name;
		}
		rule.names = names;
		if (rule.n_names)
			ret[n++] = rule;
	}
	return n;
}

int spo_union(const struct profile *base, struct profile *profile)
{
	const struct side *bases = sides_of(base), *owns = sides_of(profile);
	struct verdict *verdicts = arena_array(syscall_count(), sizeof(*verdicts));
	struct rule *rules = arena_array(base->n_rules + profile->n_rules, sizeof(*rules));

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (!decide(&bases[id], &owns[id], profile->default_action, &verdicts[id]))
			return json_fail(owns[id].first->at,
					 "the base profile has other conditions and another action "
					 "for \"%s\" (%s); no list of rules is their union",
					 syscall_name(id), json_place(bases[id].first->at));

	size_t n = keep(base, verdicts, true, rules);

	n += keep(profile, verdicts, false, rules + n);
	profile->rules = rules;
	profile->n_rules = n;
	return 0;
}
