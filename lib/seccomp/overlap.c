/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the comparison of two rules' conditions, as 64-bit values, which libseccomp compares. */
#include "seccomp/overlap.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/runtimes.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>

/* `yes` where the rule's conditions hold, `no` elsewhere. A repeated argument means "or". */
static canon_ref rule_where(struct canon *canon, const struct rule *rule, canon_ref yes,
			    canon_ref no)
{
	bool any = profile_rule_repeats_index(rule);
	canon_ref r = any ? no : yes;

	for (uint32_t i = rule->n_conditions; i-- > 0;) {
		struct check check;

		switch (decision_check_make(&rule->conditions[i], WIDTH_64, &check)) {
		case NEVER:
			r = any ? r : no;
			break;
		case ALWAYS:
			r = any ? yes : r;
			break;
		case SOMETIMES:
			r = any ? canon_check(canon, &check, yes, r)
				: canon_check(canon, &check, r, no);
			break;
		}
	}
	return r;
}

static bool match_alike(struct canon *canon, const struct rule *a, const struct rule *b)
{
	const canon_ref no = canon_leaf(canon, 0), yes = canon_leaf(canon, 1);

	return rule_where(canon, a, rule_where(canon, b, yes, no), no) != no;
}

/* Whether the rule has conditions and an effect. */
static bool is_conditional(const struct profile *profile, const struct rule *rule)
{
	return rule->n_conditions && rule->action != profile->default_action;
}

static const struct rule *next_rule(const struct profile *p, const char *call, size_t *at)
{
	while (*at < p->n_rules) {
		const struct rule *rule = &p->rules[(*at)++];

		if (rule->action != p->default_action && profile_rule_names(rule, call))
			return rule;
	}
	return NULL;
}

static bool is_same_rule(const struct rule *a, const struct rule *b)
{
	if (!a || !b || a->action != b->action || a->n_conditions != b->n_conditions)
		return a == b;
	return profile_conditions_equal(a->conditions, b->conditions, a->n_conditions);
}

/* Whether the limit permits the call, or says the same of it, so that libseccomp judges alike. */
static bool is_harmless(const struct profile *profile, const struct profile *limit,
			const char *call)
{
	const struct rule *fixed = profile_rule_fixed(limit, call), *a, *b;
	size_t i = 0, j = 0;

	if (fixed)
		return fixed->action == SECCOMP_RET_ALLOW;
	do {
		a = next_rule(profile, call, &i);
		b = next_rule(limit, call, &j);
		if (!is_same_rule(a, b))
			return false;
	} while (a);
	return true;
}

/* What is looked for. */
struct search {
	const struct profile *profile, *limit; /* limit NULL: none */
	const char *call;		       /* NULL: any */
	struct canon *canon;
};

/* A call that both name and of which a rule without conditions does not decide. */
static const char *find_common(const struct search *s, const struct rule *a, const struct rule *b)
{
	for (uint32_t i = 0; i < a->n_names; i++) {
		const char *name = a->names[i];

		if ((!s->call || strcmp(name, s->call) == 0) && profile_rule_names(b, name) &&
		    !profile_rule_fixed(s->profile, name) &&
		    !(s->limit && is_harmless(s->profile, s->limit, name)))
			return name;
	}
	return NULL;
}

static const char *find(const struct search *s)
{
	for (size_t i = 0; i < s->profile->n_rules; i++) {
		const struct rule *a = &s->profile->rules[i];

		for (size_t j = i + 1; is_conditional(s->profile, a) && j < s->profile->n_rules;
		     j++) {
			const struct rule *b = &s->profile->rules[j];
			const char *name;

			if (!is_conditional(s->profile, b) || a->action == b->action)
				continue;
			name = find_common(s, a, b);
			if (name && match_alike(s->canon, a, b))
				return name;
		}
	}
	return NULL;
}

bool overlap_has(const struct profile *profile, const char *call, struct canon *canon)
{
	return find(&(struct search){ profile, NULL, call, canon }) != NULL;
}

const char *overlap_first(const struct profile *profile, const struct profile *limit,
			  struct canon *canon)
{
	return find(&(struct search){ profile, limit, NULL, canon });
}

/* --- by libseccomp itself ------------------------------------------------------------------- */

/* For arguments whose upper halves are 0: on x32 libseccomp does not compare them. */
static canon_ref lower_halves(struct canon *canon, canon_ref r)
{
	for (unsigned int i = 0; i < 6; i++)
		r = canon_restrict(canon, r, i, ~(uint64_t)UINT32_MAX, 0);
	return r;
}

static bool is_alike(const struct profile *p, enum abi native, unsigned int id, struct canon *canon,
		     const struct verdicts *a, const struct verdicts *b)
{
	for (size_t i = 0; i <= p->n_abis; i++) {
		enum abi abi = i ? p->abis[i - 1] : native;
		uint32_t audit = arch_abi(abi)->audit, nr = syscall_nr(abi, id);

		if (nr == SYSCALL_NONE)
			continue;
		nr |= arch_abi(abi)->nr_bit;
		canon_ref ours = verdicts_at(a, audit, nr), theirs = verdicts_at(b, audit, nr);

		if (abi == ABI_X32) {
			ours = lower_halves(canon, ours);
			theirs = lower_halves(canon, theirs);
		}
		if (ours != theirs)
			return false;
	}
	return true;
}

bool overlap_is_strict(const struct profile *profile, const char *call, enum abi native,
		       bool (*compile)(const struct profile *profile, enum abi native,
				       struct bpf_program *ret),
		       struct canon *canon)
{
	const char *before = err_message();
	struct bpf_program program;
	struct verdicts ours, theirs;
	int id = syscall_id(call);
	bool alike = false;

	if (id >= 0 && compile(profile, native, &program) &&
	    runtimes_verdicts(profile, native, RUNTIME_RUNC, canon, &ours) == 0 &&
	    verdicts_of_program(&program, canon, &theirs) == 0)
		alike = is_alike(profile, native, (unsigned int)id, canon, &ours, &theirs);
	err_restore(before);
	return alike;
}
