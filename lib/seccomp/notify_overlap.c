/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the comparison of two rules' conditions, as 64-bit values, which libseccomp compares. */
#include "seccomp/notify_overlap.h"

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

static bool overlap(struct canon *canon, const struct rule *a, const struct rule *b)
{
	const canon_ref no = canon_leaf(canon, 0), yes = canon_leaf(canon, 1);

	return rule_where(canon, a, rule_where(canon, b, yes, no), no) != no;
}

static bool counts(const struct profile *profile, const struct rule *rule, const char *call)
{
	return rule->n_conditions && rule->action != profile->default_action &&
	       profile_rule_names(rule, call);
}

bool notify_overlap_has(const struct profile *profile, const char *call, struct canon *canon)
{
	if (profile_rule_fixed(profile, call)) /* the other rules do not count */
		return false;
	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct rule *a = &profile->rules[i];

		if (!counts(profile, a, call))
			continue;
		for (size_t j = i + 1; j < profile->n_rules; j++) {
			const struct rule *b = &profile->rules[j];

			if (b->action != a->action && counts(profile, b, call) &&
			    overlap(canon, a, b))
				return true;
		}
	}
	return false;
}
