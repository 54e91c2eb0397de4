/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the search for rules without effect. A name of a rule has none if the verdicts without it
 * are the same for every call. Names are tried from the last to the first, and what was found to
 * have no effect is left out from then on; so all of it can be removed together.
 *
 * What has an effect for other capabilities, architectures or kernels is no finding: a name must
 * have none beside those rules alone that are always in force, either.
 */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>

/*
 * Limits of the search, far above what a profile of all calls needs: what all trials together may
 * read (names and conditions of rules), and by how many nodes the diagrams may grow.
 */
enum { WORK_MAX = 1 << 22, NODES_MAX = 1 << 17 };

/* The rules while names are taken out of them. */
struct search {
	struct check_run *c;
	struct profile profile;
	struct rule *rules;
	uint32_t *mentions;	  /* by id: rules that name the call */
	uint32_t *last;		  /* by id: 1 + the last rule that names it */
	size_t names, conditions; /* of all rules */
	size_t work;
	uint32_t nodes; /* of the diagrams when the search began */
};

/* rule without that name. */
static struct rule without(const struct rule *rule, size_t name)
{
	const char **names = arena_array(rule->n_names, sizeof(const char *));
	struct rule ret = *rule;
	uint32_t n = 0;

	for (size_t i = 0; i < rule->n_names; i++)
		if (i != name)
			names[n++] = rule->names[i];
	ret.names = names;
	ret.n_names = n;
	return ret;
}

/* Counts a trial; true: the limits are reached, so the rest is not examined. */
static bool is_exhausted(struct search *s)
{
	enum { POLICY = 2048 }; /* what a policy costs beside the rules */

	/* a diagram costs its conditions times its size */
	s->work += s->names + s->conditions * s->conditions + POLICY;
	return s->work > WORK_MAX || s->c->canon->n - s->nodes > NODES_MAX || s->c->canon->overflow;
}

/* Whether a rule is in force whatever the machine and the container are. */
static bool is_always_in_force(const struct rule *rule)
{
	const struct json *includes = json_member(rule->at, "includes");
	const struct json *excludes = json_member(rule->at, "excludes");

	return !(includes && includes->n) && !(excludes && excludes->n);
}

/* Whether the name has no effect either if only the rules that are always in force are there. */
static bool has_no_effect_alone(const struct search *s, size_t rule, const struct rule *kept)
{
	struct profile with = s->profile, without_it = s->profile;
	struct rule *a = arena_array(s->profile.n_rules, sizeof(*a));
	struct rule *b = arena_array(s->profile.n_rules, sizeof(*b));
	struct verdicts v, w;
	bool all = true;
	size_t n = 0;

	for (size_t i = 0; i < s->profile.n_rules; i++) {
		if (i != rule && !is_always_in_force(&s->rules[i])) {
			all = false;
			continue;
		}
		a[n] = i == rule ? *kept : s->rules[i];
		b[n++] = s->rules[i];
	}
	if (all)
		return true; /* which is what was compared */
	with.n_rules = without_it.n_rules = n;
	with.rules = a;
	without_it.rules = b;
	return check_verdicts(s->c, &with, false, &v) &&
	       check_verdicts(s->c, &without_it, false, &w) && verdicts_equal(&v, &w);
}

/* Takes the name out for good if that changes nothing. */
static bool take_out(struct search *s, size_t rule, size_t name)
{
	struct arena_mark mark = arena_mark();
	struct rule kept = s->rules[rule];
	uint32_t nodes = s->c->canon->n;
	struct verdicts v;
	bool same, valid;

	s->rules[rule] = without(&kept, name);
	valid = check_verdicts(s->c, &s->profile, false, &v);
	same = valid && verdicts_equal(s->c->verdicts, &v);
	if (same && has_no_effect_alone(s, rule, &kept))
		return true;
	s->rules[rule] = kept;
	if (same)
		return false;
	/* what the diagrams or a message were given meanwhile must stay */
	if (valid && s->c->canon->n == nodes)
		arena_release(mark, NULL, 0);
	return false;
}

/* --- why -------------------------------------------------------------------------------- */

struct difference {
	unsigned int seen;
	uint32_t action;
	bool found;
};

static bool note_difference(void *ctx, const struct canon_cube *cube)
{
	struct difference *d = ctx;

	d->found = cube->action[1] == d->action && cube->action[0] != d->action;
	return !d->found && d->seen++ < CHECK_CUBES_MAX;
}

/* Whether the call gets another answer where the rule says its own. */
static bool is_overridden(const struct search *s, const struct rule *rule, size_t name)
{
	const char *const names[] = { rule->names[name] };
	struct rule one = *rule;
	struct profile alone = *s->c->profile;
	int id = syscall_id(rule->names[name]);
	struct verdicts v;
	uint32_t other = SECCOMP_RET_TRACE | 0xfffe; /* an answer that the rule does not have */

	one.names = names;
	one.n_names = 1;
	alone.n_rules = 1;
	alone.rules = &one;
	alone.default_action = rule->action == other ? SECCOMP_RET_TRACE | 0xfffd : other;
	if (id < 0 || !check_verdicts(s->c, &alone, false, &v))
		return false;
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		struct difference d = { .action = rule->action };
		uint32_t nr = syscall_nr(abi, (unsigned int)id);
		canon_ref mine;

		if (!check_has_abi(s->c, abi) || nr == SYSCALL_NONE)
			continue;
		nr |= arch_abi(abi)->nr_bit;
		mine = verdicts_at(s->c->verdicts, arch_abi(abi)->audit, nr);
		canon_each(s->c->canon, mine, verdicts_at(&v, arch_abi(abi)->audit, nr), false,
			   note_difference, &d);
		if (d.found)
			return true;
	}
	return false;
}

/* "line 63", where a rule without conditions decides about the call, or "". */
static const char *decided_by(const struct search *s, const struct rule *rule, const char *word)
{
	for (size_t i = 0; i < s->c->profile->n_rules; i++) {
		const struct rule *other = &s->c->profile->rules[i];

		if (other->index == rule->index || other->n_conditions ||
		    other->action == s->c->profile->default_action)
			continue;
		for (size_t j = 0; j < other->n_names; j++) {
			size_t line, column;

			if (strcmp(other->names[j], word) != 0)
				continue;
			if (!other->at)
				return arena_printf(", by %s",
						    other->place ? other->place : "another rule");
			json_position(check_name_node(other, j), &line, &column);
			return arena_printf(": line %zu says %s", line,
					    check_action(other->action));
		}
	}
	return "";
}

static enum finding_code code_of(const struct search *s, const struct rule *rule, size_t name)
{
	if (is_overridden(s, rule, name))
		return FINDING_shadowed_rule;
	return rule->action == s->c->profile->default_action ? FINDING_default_rule
							     : FINDING_redundant_rule;
}

/* One finding for all names of a rule that have no effect for one reason. */
static void report(struct search *s, const struct rule *rule, const enum finding_code *codes,
		   enum finding_code code)
{
	const struct json **remove = arena_array(rule->n_names, sizeof(const struct json *));
	struct check_list list = { 0 };
	const char *by = "";
	struct finding *f;
	size_t n = 0, left = 0;

	for (size_t j = 0; j < rule->n_names; j++) {
		left += codes[j] == FINDING_COUNT;
		if (codes[j] == code) {
			if (code != FINDING_default_rule && !n)
				by = decided_by(s, rule, rule->names[j]);
			check_list_add(&list, rule->names[j]);
			remove[n++] = rule->at ? check_name_node(rule, j) : NULL;
		}
	}
	if (!n)
		return;
	f = findings_add(&s->c->found, code, rule->at ? remove[0] : s->c->root,
			 arena_printf("%s: %s%s has no effect%s", check_list_text(&list),
				      check_action(rule->action),
				      rule->n_conditions ? " under these conditions" : "", by));
	f->place = rule->place;
	if (!left) /* nothing remains of the rule */
		remove[0] = rule->at;
	f->remove = remove;
	f->n_remove = !rule->at ? 0 : left ? n : 1;
}

/*
 * Names that the rule has already are the concern of check_names.c. Only the first of
 * each is examined here; the others become "", which is in no table.
 */
static void mark_repeated(struct search *s, size_t i, enum finding_code *codes)
{
	const struct rule *rule = &s->rules[i];
	const char **names = arena_array(rule->n_names, sizeof(const char *));

	for (size_t j = 0; j < rule->n_names; j++) {
		int id = syscall_id(rule->names[j]);

		codes[j] = FINDING_COUNT;
		names[j] = rule->names[j];
		if (id < 0)
			continue;
		if (s->last[id] == i + 1) {
			codes[j] = FINDING_repeated_name;
			names[j] = "";
		}
		s->last[id] = (uint32_t)i + 1;
	}
	s->rules[i].names = names;
}

static void check_rule(struct search *s, size_t i)
{
	const struct rule rule = s->c->profile->rules[i];
	enum finding_code *codes = arena_array(rule.n_names, sizeof(*codes));
	bool any = false;

	mark_repeated(s, i, codes);
	for (size_t j = rule.n_names; j--;) {
		int id = syscall_id(rule.names[j]);
		bool suspicious = id >= 0 &&
				  (s->mentions[id] > 1 || rule.action == s->profile.default_action);

		if (codes[j] == FINDING_repeated_name || !suspicious || is_exhausted(s) ||
		    !take_out(s, i, j))
			continue;
		s->mentions[id]--;
		codes[j] = code_of(s, &rule, j);
		any = true;
	}
	if (!any)
		return;
	report(s, &rule, codes, FINDING_shadowed_rule);
	report(s, &rule, codes, FINDING_redundant_rule);
	report(s, &rule, codes, FINDING_default_rule);
}

/* --- conditions on one argument ----------------------------------------------------------- */

static bool is_any_of(const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->n_conditions; i++)
		if (rule->conditions[i].index != rule->conditions[0].index ||
		    (rule->conditions[i].op != SECCOMP_OP_EQ &&
		     rule->conditions[i].op != SECCOMP_OP_MASKED_EQ))
			return false;
	return true;
}

/* A list of values is meant as what it does. */
static void check_index(struct check_run *c, const struct rule *rule)
{
	const struct json *args = json_member(rule->at, "args");
	uint8_t seen = 0;

	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *condition = &rule->conditions[i];

		if (seen >> condition->index & 1 && !is_any_of(rule)) {
			check_add_rule(c, FINDING_repeated_index, rule,
				       arena_printf("%s%s: %u conditions, two of them on argument "
						    "%u: any of them is enough",
						    rule->names[0],
						    rule->n_names > 1 ? ", ..." : "",
						    rule->n_conditions, condition->index))
				->at = args ? json_element(args, i) : c->root;
			return;
		}
		seen |= (uint8_t)(1u << condition->index);
	}
}

void check_rules(struct check_run *c)
{
	struct search s = { .c = c, .profile = *c->profile };

	s.rules = arena_array(s.profile.n_rules, sizeof(*s.rules));
	s.mentions = arena_array(syscall_count(), sizeof(*s.mentions));
	s.last = arena_array(syscall_count(), sizeof(*s.last));
	if (s.profile.n_rules)
		memcpy(s.rules, s.profile.rules, s.profile.n_rules * sizeof(*s.rules));
	s.profile.rules = s.rules;
	for (size_t i = 0; i < s.profile.n_rules; i++) {
		s.names += s.rules[i].n_names + 1;
		s.conditions += s.rules[i].n_conditions;
		for (size_t j = 0; j < s.rules[i].n_names; j++) {
			int id = syscall_id(s.rules[i].names[j]);

			if (id >= 0 && s.last[id] != i + 1) {
				s.mentions[id]++;
				s.last[id] = (uint32_t)i + 1;
			}
		}
	}
	memset(s.last, 0, syscall_count() * sizeof(*s.last));
	s.nodes = c->canon->n;
	for (size_t i = s.profile.n_rules; i--;)
		check_rule(&s, i);
	if (c->kind != CHECK_OCI && c->kind != CHECK_SPO)
		return;
	for (size_t i = 0; i < c->profile->n_rules; i++)
		check_index(c, &c->profile->rules[i]);
}
