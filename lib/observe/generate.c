/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from needs to a profile. What must hold: the profile, read back by the reader of
 * profiles, allows every call of the recording with the arguments that were recorded, and whatever
 * the base allows.
 */
#include "observe/generate.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/jsonw.h"
#include "seccomp/compose.h"
#include "seccomp/docker.h"
#include "seccomp/syscall.h"

/* --- the proof ---------------------------------------------------------------------------- */

static bool lets_through(const struct canon *canon, canon_ref decision)
{
	uint32_t action;

	return canon_is_leaf(canon, decision, &action) && decision_action_lets_through(action);
}

/* Whether the call is allowed with each recorded value of each argument that the rules ask. */
static bool allows_call(struct canon *canon, const struct verdicts *v,
			const struct recording_call *c, unsigned int index, canon_ref decision)
{
	const struct recording_values *values_of = &c->args[index];
	uint64_t mask = UINT64_MAX;

	if (lets_through(canon, decision))
		return true;
	if (!c->args || index == 6)
		return false;
	if (!values_of->n)
		return allows_call(canon, v, c, index + 1, decision);
	if (syscall_narrow(c->abi, (unsigned int)c->id) >> index & 1)
		mask = UINT32_MAX;
	for (size_t i = 0; i < values_of->n; i++)
		if (!allows_call(canon, v, c, index + 1,
				 canon_restrict(canon, decision, index, mask, values_of->v[i])))
			return false;
	return true;
}

int generate_prove(const struct needs *needs, const struct profile *profile,
		   const struct profile_facts *facts, struct canon *canon)
{
	const struct policy *policy;
	struct verdicts v;
	int r = policy_make(profile, facts->native, false, &policy);

	if (r < 0)
		return r;
	verdicts_of_policy(policy, canon, &v);
	for (size_t i = 0; i < needs->recording->n_calls; i++) {
		const struct recording_call *c = &needs->recording->calls[i];
		const struct arch_abi *abi = arch_abi(c->abi);

		if (c->id >= 0 &&
		    !allows_call(canon, &v, c, 0, verdicts_at(&v, abi->audit, c->nr | abi->nr_bit)))
			return fail(0, "%s on %s was recorded but would be denied",
				    syscall_name((unsigned int)c->id), abi->scmp);
	}
	return 0;
}

/* --- the base ----------------------------------------------------------------------------- */

/* Whether the base has the call as it was recorded, or, if it was not seen, for some arguments. */
static bool base_has(const struct generate_base *base, struct canon *canon,
		     const struct needs *needs, unsigned int id)
{
	const struct arch_abi *native = arch_abi(base->native);
	uint32_t nr = syscall_nr(base->native, id), action;
	bool is_seen = false;

	for (size_t i = 0; i < needs->recording->n_calls; i++) {
		const struct recording_call *c = &needs->recording->calls[i];
		const struct arch_abi *abi = arch_abi(c->abi);

		if (c->id != (int)id || c->assumed)
			continue;
		is_seen = true;
		if (!allows_call(canon, base->verdicts, c, 0,
				 verdicts_at(base->verdicts, abi->audit, c->nr | abi->nr_bit)))
			return false;
	}
	if (is_seen || nr == SYSCALL_NONE)
		return true;
	return !canon_is_leaf(canon,
			      verdicts_at(base->verdicts, native->audit, nr | native->nr_bit),
			      &action) ||
	       decision_action_lets_through(action);
}

/* Only what the base lacks is added to it, so that its conditions on arguments stay. */
void generate_leave(const struct generate_base *base, struct canon *canon, struct needs *needs)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (needs_has(needs, id) && base_has(base, canon, needs, id))
			needs->seen[id] = needs->assumed[id] = needs->every[id] =
				needs->siblings[id] = needs->runtime[id] = false;
}

/* A rule holds for all architectures of a profile, so also for those that only the base has. */
static void add_abis(struct profile *to, const struct profile *from)
{
	for (size_t i = 0; from && i < from->n_abis; i++) {
		bool found = false;

		for (size_t k = 0; k < to->n_abis; k++)
			found |= to->abis[k] == from->abis[i];
		if (!found)
			to->abis[to->n_abis++] = from->abis[i];
	}
}

/* What the base or the rules allow. Where both deny, the base's answer if a profile can say it. */
int generate_unite(struct needs_rules *rules, const struct generate_base *base, struct canon *canon,
		   const struct profile **ret)
{
	const struct policy *policy;
	struct profile *profile = arena_alloc(sizeof(*profile));
	struct verdicts own, all;
	struct composed composed = { 0 };
	int r;

	add_abis(&rules->profile, base->profile);
	r = policy_make(&rules->profile, base->native, false, &policy);
	if (r < 0)
		return r;
	verdicts_of_policy(policy, canon, &own);
	for (int tie = 0; tie < CANON_TIES; tie++) {
		verdicts_combine(canon, true, (enum canon_tie)tie, base->verdicts, &own, &all);
		r = compose_profile(base->name, &all, canon, base->native, &composed);
		if (r < 0)
			return r;
		if (composed.equal)
			break;
	}
	if (!composed.equal)
		return fail(0, "%s and what was recorded cannot be said as one profile",
			    base->name);
	*profile = *composed.profile;
	if (base->profile) {
		profile->set_flags = base->profile->set_flags;
		profile->flags = base->profile->flags;
		profile->listener_path = base->profile->listener_path;
		profile->listener_metadata = base->profile->listener_metadata;
	}
	*ret = profile;
	return 0;
}

/* --- all of it ---------------------------------------------------------------------------- */

int generate_docker(struct needs *needs, const struct generate_base *base,
		    const struct profile_facts *facts, struct canon *canon, struct text *ret)
{
	struct needs_rules rules;
	const struct profile *profile = NULL;
	struct profile *back = arena_alloc(sizeof(*back));
	int r = 0;

	if (base)
		generate_leave(base, canon, needs);
	needs_rules_init(needs, false, facts->native, &rules);
	needs_rules_complete(needs, NULL, &rules);
	if (base)
		r = generate_unite(&rules, base, canon, &profile);
	if (r < 0)
		return r;
	*ret = base ? generate_write(profile) : needs_rules_write(&rules);
	r = docker_profile_parse("the profile", ret, facts, back);
	return r < 0 ? r : generate_prove(needs, back, facts, canon);
}

struct text generate_write(const struct profile *profile)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	profile_write(w, profile);
	return jsonw_finish(w);
}
