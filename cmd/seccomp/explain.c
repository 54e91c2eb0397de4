/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp explain: what a profile answers to one call, which rule says so, what else spoke
 * of the call, and what would change the answer.
 */
#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

static struct explain_options {
	struct subject_options subject;
	bool json;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct explain_options, subject),
	{ "json", 0, OPT_BOOL, offsetof(struct explain_options, json), NULL, "print JSON" },
	OPT_END,
};

/* The call that is asked about: some arguments may be given. */
struct question {
	const char *call; /* its name, or its number as written */
	int id;		  /* -1: given by number, and no table has it */
	uint32_t nr;	  /* used if id is -1 */
	bool given[6];
	uint64_t args[6];
};

/* What one ABI answers. */
struct answer {
	enum abi abi;
	uint32_t nr; /* seccomp_data.nr */
	canon_ref decision;
	bool fixed; /* one action, whatever the other arguments are */
	uint32_t action;
};

/* --- the question ------------------------------------------------------------------------- */

static int parse_call(const char *word, enum abi native, struct question *q)
{
	uint64_t nr;

	q->call = word;
	q->id = syscall_id(word);
	if (q->id >= 0)
		return 0;
	if (num_parse_u64(word, &nr) == 0 && nr <= UINT32_MAX) {
		q->nr = (uint32_t)nr;
		q->id = syscall_at(native, q->nr);
		if (q->id >= 0)
			q->call = syscall_name((unsigned int)q->id);
		return 0;
	}
	const char *like = syscall_like(word);

	return like ? fail(0, "no architecture has a system call '%s'; did you mean '%s'?", word,
			   like)
		    : fail(0, "no architecture has a system call '%s'", word);
}

static int parse_args(int argc, char **argv, enum abi native, struct question *q)
{
	for (int i = 0, at = 0; i < argc; i++) {
		const char *equals = strchr(argv[i], '='), *value = argv[i];

		if (equals) {
			const char *name = arena_memdup(argv[i], (size_t)(equals - argv[i]));

			at = say_param_index(native, q->id, name);
			if (at < 0)
				return fail(0, "%s has no parameter '%s'", q->call, name);
			value = equals + 1;
		}
		if (at > 5)
			return fail(0, "found more than 6 arguments of %s", q->call);
		int r = say_parse_value(native, q->id, (unsigned int)at, value, &q->args[at]);

		if (r < 0)
			return r;
		q->given[at++] = true;
	}
	return 0;
}

/* --- the answer --------------------------------------------------------------------------- */

static bool answer_on(struct canon *canon, const struct subject *s, const struct question *q,
		      enum abi abi, struct answer *ret)
{
	uint32_t nr = q->id >= 0 ? syscall_nr(abi, (unsigned int)q->id) : q->nr;

	if (nr == SYSCALL_NONE)
		return false;
	*ret = (struct answer){ .abi = abi, .nr = nr | arch_abi(abi)->nr_bit };
	ret->decision = verdicts_at(&s->verdicts, arch_abi(abi)->audit, ret->nr);
	for (unsigned int i = 0; i < 6; i++)
		if (q->given[i])
			ret->decision =
				canon_restrict(canon, ret->decision, i, UINT64_MAX, q->args[i]);
	ret->fixed = canon_is_leaf(canon, ret->decision, &ret->action);
	return true;
}

/* The ABIs that the subject speaks of, the native one first; ends with ABI_COUNT. */
static const enum abi *abis_of(const struct subject *s)
{
	enum abi *abis = arena_array(ABI_COUNT + 1, sizeof(*abis));
	size_t n = 0;

	abis[n++] = s->facts.native;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (abi != s->facts.native &&
		    verdicts_arch(&s->verdicts, arch_abi(abi)->audit) != &s->verdicts.other)
			abis[n++] = abi;
	abis[n] = ABI_COUNT;
	return abis;
}

/* The action that most regions have: it is said last, as "otherwise". */
static uint32_t common_action(const struct regions *regions)
{
	size_t most = 0;
	uint32_t found = 0;

	for (size_t i = 0; i < regions->n; i++) {
		size_t n = 0;

		for (size_t j = 0; j < regions->n; j++)
			n += regions->v[j].action[0] == regions->v[i].action[0];
		if (n > most) {
			most = n;
			found = regions->v[i].action[0];
		}
	}
	return found;
}

static void print_regions(const struct canon *canon, const struct answer *a, int id)
{
	struct regions regions;

	regions_make(canon, a->decision, a->decision, &regions);
	uint32_t otherwise = common_action(&regions);

	for (size_t i = 0; i < regions.n; i++)
		if (regions.v[i].action[0] != otherwise)
			say_print(24, arena_printf("    %-16s if %s",
						   say_action(regions.v[i].action[0]),
						   say_region(a->abi, id, &regions.v[i])));
	printf("    %-16s otherwise%s\n", say_action(otherwise),
	       regions.cut ? " (there are more regions)" : "");
}

static const char *say_question(const struct question *q, enum abi abi)
{
	const char *args = "";

	for (unsigned int i = 0; i < 6; i++)
		if (q->given[i])
			args = arena_printf("%s%s%s=%s", args, *args ? ", " : "",
					    say_param(abi, q->id, i),
					    say_value(abi, q->id, i, q->args[i]));
	return arena_printf("%s(%s)", q->call, args);
}

/* --- rules -------------------------------------------------------------------------------- */

static bool names_call(const struct rule *rule, const char *call)
{
	for (uint32_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i], call) == 0)
			return true;
	return false;
}

static const char *say_rule_place(const struct subject *s, const struct rule *rule)
{
	return rule->at ? json_place(rule->at)
			: arena_printf("%s: rule %u", s->profile->place, rule->index + 1);
}

/* The first unconditional rule about the call that does not only repeat the default. */
static const struct rule *fixed_rule(const struct subject *s, const char *call)
{
	for (size_t i = 0; i < s->profile->n_rules; i++) {
		const struct rule *rule = &s->profile->rules[i];

		if (!rule->n_conditions && rule->action != s->profile->default_action &&
		    names_call(rule, call))
			return rule;
	}
	return NULL;
}

/* What became of one rule that names the call. */
static const char *say_role(const struct subject *s, const struct answer *a,
			    const struct rule *fixed, const struct rule *rule)
{
	if (rule->action == s->profile->default_action)
		return "says what the default action says: no effect";
	if (rule == fixed)
		return a->fixed && a->action == rule->action ? "decides"
							     : "does not reach this ABI";
	if (fixed)
		return rule->n_conditions
			       ? "is beaten by the rule without conditions"
			       : "comes second: the first rule without conditions counts";
	if (a->fixed)
		return a->action == rule->action ? "decides, if its conditions hold"
						 : "does not match, or a stricter one does";
	return "decides where its conditions hold";
}

static void print_rules(const struct subject *s, const struct question *q, const struct answer *a)
{
	const struct rule *fixed = s->profile ? fixed_rule(s, q->call) : NULL;
	size_t n = 0;

	for (size_t i = 0; s->profile && i < s->profile->n_rules; i++) {
		const struct rule *rule = &s->profile->rules[i];

		if (!names_call(rule, q->call))
			continue;
		const char *conditions = say_conditions(a->abi, q->id, rule);

		say_print(6, arena_printf("  %s: %s%s%s", say_rule_place(s, rule),
					  say_action(rule->action), conditions ? " if " : "",
					  conditions ? conditions : ""));
		printf("      %s\n", say_role(s, a, fixed, rule));
		n++;
	}
	if (s->profile && n == 0)
		printf("  no rule in force names it: %s\n",
		       a->fixed && a->action == s->profile->default_action
			       ? "the default action decides"
			       : "it is newer than the profile, or no table has it");
}

/* --- what would change it ----------------------------------------------------------------- */

static int print_caps(const struct subject *s, const struct question *q, const struct answer *a,
		      struct canon *canon)
{
	uint64_t caps = subject_caps(s);

	for (unsigned int cap = 0; cap < CAPS_MAX; cap++) {
		uint64_t bit = UINT64_C(1) << cap;
		const char *name = caps_name(cap);
		struct profile_facts facts = s->facts;
		struct subject other;
		struct answer b;

		if (!name || !(caps & bit))
			continue;
		facts.caps ^= bit;
		int r = subject_again(s, &facts, canon, &other);

		if (r < 0)
			return r;
		if (!answer_on(canon, &other, q, a->abi, &b) || b.decision == a->decision)
			continue;
		printf("  %s %s: %s\n", facts.caps & bit ? "with" : "without", name,
		       b.fixed ? say_action(b.action) : "depends on the arguments");
	}
	return 0;
}

/* One answer, and the ABIs that give it. */
static void print_answer(const struct canon *canon, const struct question *q,
			 const struct answer *answers, size_t n, size_t first, bool *done)
{
	const struct answer *a = &answers[first];
	const char *abis = "";

	for (size_t i = first; i < n; i++) {
		if (answers[i].decision != a->decision)
			continue;
		abis = arena_printf("%s%s%s", abis, *abis ? ", " : "", say_abi(answers[i].abi));
		done[i] = true;
	}
	printf("%s on %s: %s\n", say_question(q, a->abi), abis,
	       a->fixed ? say_action(a->action) : "depends on the arguments");
	if (!a->fixed)
		print_regions(canon, a, q->id);
}

static int print_text(const struct subject *s, const struct question *q, struct canon *canon)
{
	const enum abi *abis = abis_of(s);
	struct answer answers[ABI_COUNT];
	bool done[ABI_COUNT] = { false };
	size_t n = 0;

	for (size_t i = 0; abis[i] < ABI_COUNT; i++)
		n += answer_on(canon, s, q, abis[i], &answers[n]);
	for (size_t i = 0; i < n; i++)
		if (!done[i])
			print_answer(canon, q, answers, n, i, done);
	if (n == 0) {
		printf("%s: none of the architectures of this profile has the call\n", q->call);
		return 0;
	}
	if (q->id < 0)
		return 0;
	print_rules(s, q, &answers[0]);
	return print_caps(s, q, &answers[0], canon);
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_arg(struct jsonw *w, unsigned int index, const struct region_arg *arg)
{
	jsonw_object(w);
	jsonw_member_u64(w, "index", index);
	if (arg->kind == REGION_BITS) {
		jsonw_member_u64(w, "mask", arg->mask);
		jsonw_member_u64(w, "value", arg->first);
	} else {
		jsonw_member_u64(w, "first", arg->first);
		jsonw_member_u64(w, "last", arg->last);
		jsonw_member_u64(w, "bits", arg->wide ? 64 : 32);
	}
	jsonw_end(w);
}

static void write_regions(struct jsonw *w, const struct canon *canon, canon_ref decision)
{
	struct regions regions;

	regions_make(canon, decision, decision, &regions);
	jsonw_member_array(w, "regions");
	for (size_t i = 0; i < regions.n; i++) {
		jsonw_object(w);
		jsonw_member_string(w, "action", say_action(regions.v[i].action[0]));
		jsonw_member_array(w, "args");
		for (unsigned int j = 0; j < 6; j++)
			if (regions.v[i].args[j].kind != REGION_ANY)
				write_arg(w, j, &regions.v[i].args[j]);
		jsonw_end(w);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_member_bool(w, "complete", !regions.cut);
}

static void write_answers(struct jsonw *w, const struct subject *s, const struct question *q,
			  struct canon *canon)
{
	const enum abi *abis = abis_of(s);

	jsonw_member_array(w, "answers");
	for (size_t i = 0; abis[i] < ABI_COUNT; i++) {
		struct answer a;

		if (!answer_on(canon, s, q, abis[i], &a))
			continue;
		jsonw_object(w);
		jsonw_member_string(w, "architecture", arch_abi(a.abi)->scmp);
		jsonw_member_u64(w, "number", a.nr);
		if (a.fixed)
			jsonw_member_string(w, "action", say_action(a.action));
		else
			write_regions(w, canon, a.decision);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_rules(struct jsonw *w, const struct subject *s, const struct question *q)
{
	jsonw_member_array(w, "rules");
	for (size_t i = 0; s->profile && i < s->profile->n_rules; i++) {
		const struct rule *rule = &s->profile->rules[i];

		if (!names_call(rule, q->call))
			continue;
		jsonw_object(w);
		jsonw_member_string(w, "place", say_rule_place(s, rule));
		jsonw_member_string(w, "action", say_action(rule->action));
		if (rule->n_conditions)
			jsonw_member_string(w, "conditions",
					    say_conditions(s->facts.native, q->id, rule));
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void print_json(const struct subject *s, const struct question *q, struct canon *canon)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-explain/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_string(w, "call", q->call);
	write_answers(w, s, q, canon);
	write_rules(w, s, q);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int explain(const struct global *g not_used, int argc, char **argv)
{
	struct question q = { 0 };
	struct profile_facts facts;
	struct subject s;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = parse_call(argv[1], facts.native, &q);
	if (r >= 0)
		r = parse_args(argc - 2, argv + 2, facts.native, &q);
	if (r < 0)
		return r;
	if (!values.json)
		return print_text(&s, &q, &canon);
	print_json(&s, &q, &canon);
	return 0;
}

const struct command seccomp_explain = {
	.name = "explain",
	.arguments = "PROFILE CALL [[PARAMETER=]VALUE...]",
	.summary = "say what a profile answers to a call, and why",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = 8,
	.run = explain,
};
