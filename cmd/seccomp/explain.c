/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp explain: what a profile answers to one call, which rule says so, what else spoke
 * of the call, and what would change the answer.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/alternatives.h"
#include "cmd/seccomp/as.h"
#include "cmd/seccomp/path.h"
#include "cmd/seccomp/question.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "seccomp/bitmap.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

static struct explain_options {
	struct subject_options subject;
	bool json, markdown, verbose;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct explain_options, subject),
	{ "json", 0, OPT_BOOL, offsetof(struct explain_options, json), NULL, "print JSON" },
	{ "markdown", 0, OPT_BOOL, offsetof(struct explain_options, markdown), NULL,
	  "print Markdown, for a review" },
	{ "verbose", 'v', OPT_BOOL, offsetof(struct explain_options, verbose), NULL,
	  "print the way of the call through the filter, too" },
	OPT_END,
};

/* What one ABI answers. */
struct answer {
	enum abi abi;
	uint32_t nr; /* seccomp_data.nr */
	canon_ref decision;
	bool fixed; /* one action, whatever the other arguments are */
	uint32_t action;
};

/* --- the answer --------------------------------------------------------------------------- */

static bool answer_on(struct canon *canon, const struct subject *s, const struct question *q,
		      enum abi abi, struct answer *ret)
{
	*ret = (struct answer){ .abi = abi, .nr = question_nr(q, abi) };
	if (ret->nr == SYSCALL_NONE)
		return false;
	ret->decision = question_decision(q, &s->verdicts, abi, canon);
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

/* Prints a line below a heading. In Markdown all are items of lists, of two levels. */
static void print_item(int indent, int wrap, const char *text)
{
	if (values.markdown)
		printf("%s- %s\n", indent > 2 ? "  " : "", text);
	else
		say_print(wrap, arena_printf("%*s%s", indent, "", text));
}

/* The heading of a list, which text does without. */
static void print_heading(const char *text)
{
	if (values.markdown)
		printf("\n%s:\n\n", text);
}

static void print_regions(const struct canon *canon, enum abi abi, int id, canon_ref decision)
{
	struct regions regions;

	regions_make(canon, decision, decision, &regions);
	uint32_t otherwise = common_action(&regions);

	for (size_t i = 0; i < regions.n; i++)
		if (regions.v[i].action[0] != otherwise)
			print_item(4, 24,
				   arena_printf("%-16s if %s", say_action(regions.v[i].action[0]),
						say_region(abi, id, &regions.v[i])));
	print_item(4, 24,
		   arena_printf("%-16s otherwise%s", say_action(otherwise),
				regions.cut ? " (there are more regions)" : ""));
}

/* --- rules -------------------------------------------------------------------------------- */

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
	const struct rule *fixed = s->profile ? profile_rule_fixed(s->profile, q->call) : NULL;
	size_t n = 0;

	if (s->profile)
		print_heading("Rules in force that name it");
	for (size_t i = 0; s->profile && i < s->profile->n_rules; i++) {
		const struct rule *rule = &s->profile->rules[i];

		if (!profile_rule_names(rule, q->call))
			continue;
		const char *conditions = say_conditions(a->abi, q->id, rule);

		print_item(2, 6,
			   arena_printf("%s: %s%s%s", profile_rule_where(s->profile, rule),
					say_action(rule->action), conditions ? " if " : "",
					conditions ? conditions : ""));
		print_item(6, 6, say_role(s, a, fixed, rule));
		n++;
	}
	if (s->profile && n == 0)
		print_item(2, 4,
			   arena_printf("no rule in force names it: %s",
					a->fixed && a->action == s->profile->default_action
						? "the default action decides"
						: "it is newer than the profile, or no table has "
						  "it"));
}

/* --- what would change it ----------------------------------------------------------------- */

static int print_alternatives(const struct subject *s, const struct question *q,
			      const struct answer *a, struct canon *canon)
{
	struct alternatives other = { 0 };
	int r = alternatives_find(s, q, a->abi, a->decision, canon, &other);

	if (r < 0)
		return r;
	if (other.n)
		print_heading("What would change the answer");
	for (size_t i = 0; i < other.n; i++) {
		uint32_t action;
		bool fixed = canon_is_leaf(canon, other.v[i].decision, &action);

		print_item(2, 4,
			   arena_printf("%s: %s", other.v[i].what,
					fixed ? say_action(action) : "depends on the arguments"));
		if (!fixed)
			print_regions(canon, a->abi, q->id, other.v[i].decision);
	}
	return 0;
}

/* --- the filter --------------------------------------------------------------------------- */

static const char *say_bitmap(const struct bpf_program *p, enum abi abi, uint32_t nr)
{
	static const char *const texts[] = {
		[BITMAP_SERVES] = "the kernel's bitmap has the call: the filter is not run for it",
		[BITMAP_NOT_ALLOWED] = "the filter is run each time: it does not always allow it",
		[BITMAP_READS_MORE] = "the filter is run each time: it reads more than the number "
				      "and the architecture",
		[BITMAP_HAS_NO_NUMBER] = "the filter is run each time: the kernel's bitmap has no "
					 "such number",
	};

	return texts[bitmap_serves(p, abi, nr)];
}

static void print_path(const struct bpf_program *p, const struct question *q,
		       const struct answer *a)
{
	struct seccomp_data data = { .nr = (int)a->nr, .arch = arch_abi(a->abi)->audit };
	const char *fence = values.markdown ? "```\n" : "";
	bool complete = true;
	struct path path;

	for (unsigned int i = 0; i < (q->id >= 0 ? syscall_args((unsigned int)q->id) : 6); i++)
		complete &= q->mask[i] == UINT64_MAX;
	for (unsigned int i = 0; i < ARRAY_LEN(data.args); i++)
		data.args[i] = q->value[i];
	path_follow(p, &data, &path);
	printf("\nThe filter on %s%s:\n%s", arch_name(a->abi),
	       complete ? "" : ", where arguments that are not given are 0", fence);
	path_print(p, &path);
	printf("%s", fence);
	say_print(2, arena_printf("  %s", say_bitmap(p, a->abi, a->nr)));
}

/* --- text and Markdown -------------------------------------------------------------------- */

/* One answer, and the ABIs that give it. */
static void print_answer(const struct canon *canon, const struct question *q,
			 const struct answer *answers, size_t n, size_t first, bool *done)
{
	const struct answer *a = &answers[first];
	const char *abis = "";

	for (size_t i = first; i < n; i++) {
		if (answers[i].decision != a->decision)
			continue;
		abis = arena_printf("%s%s%s", abis, *abis ? ", " : "", arch_name(answers[i].abi));
		done[i] = true;
	}
	const char *action = a->fixed ? say_action(a->action) : "depends on the arguments";

	if (values.markdown)
		printf("- %s: **%s**\n", abis, action);
	else
		printf("%s on %s: %s\n", question_say(q, a->abi), abis, action);
	if (!a->fixed)
		print_regions(canon, a->abi, q->id, a->decision);
}

static int print_text(const struct subject *s, const struct question *q, struct canon *canon)
{
	const enum abi *abis = abis_of(s);
	struct answer answers[ABI_COUNT];
	bool done[ABI_COUNT] = { false };
	struct bpf_program program;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; abis[i] < ABI_COUNT; i++)
		n += answer_on(canon, s, q, abis[i], &answers[n]);
	if (values.markdown)
		printf("`%s` in `%s`:\n\n", question_say(q, s->facts.native), s->name);
	for (size_t i = 0; i < n; i++)
		if (!done[i])
			print_answer(canon, q, answers, n, i, done);
	if (n == 0) {
		printf("%s: none of the architectures of this profile has the call\n", q->call);
		return 0;
	}
	if (q->id >= 0) {
		print_rules(s, q, &answers[0]);
		r = print_alternatives(s, q, &answers[0], canon);
	}
	if (r == 0 && values.verbose)
		r = as_program(s, &program);
	for (size_t i = 0; r == 0 && values.verbose && i < n; i++)
		print_path(&program, q, &answers[i]);
	return r;
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_interval(struct jsonw *w, unsigned int index, uint64_t first, uint64_t last,
			   unsigned int bits, bool upper)
{
	jsonw_object(w);
	jsonw_member_u64(w, "index", index);
	jsonw_member_u64(w, "first", first);
	jsonw_member_u64(w, "last", last);
	jsonw_member_u64(w, "bits", bits);
	if (upper)
		jsonw_member_bool(w, "upper", true);
	jsonw_end(w);
}

static void write_bits(struct jsonw *w, unsigned int index, uint64_t mask, uint64_t value)
{
	jsonw_object(w);
	jsonw_member_u64(w, "index", index);
	jsonw_member_u64(w, "mask", mask);
	jsonw_member_u64(w, "value", value);
	jsonw_end(w);
}

static void write_half(struct jsonw *w, unsigned int index, const struct region_half *h, bool upper)
{
	unsigned int shift = upper ? 32 : 0;

	if (regions_half_is_any(h))
		return;
	if (h->mask)
		write_bits(w, index, (uint64_t)h->mask << shift, (uint64_t)h->first << shift);
	else
		write_interval(w, index, h->first, h->last, 32, upper);
}

static void write_arg(struct jsonw *w, unsigned int index, const struct region_arg *arg)
{
	switch (arg->kind) {
	case REGION_ANY:
		return;
	case REGION_BITS:
		write_bits(w, index, arg->mask, arg->first);
		return;
	case REGION_RANGE:
		write_interval(w, index, arg->first, arg->last, arg->wide ? 64 : 32, false);
		return;
	case REGION_HALVES:
		write_half(w, index, &arg->upper, true);
		write_half(w, index, &arg->lower, false);
		return;
	}
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
			write_arg(w, j, &regions.v[i].args[j]);
		jsonw_end(w);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_member_bool(w, "complete", !regions.cut);
}

static void write_answers(struct jsonw *w, const struct subject *s, const struct question *q,
			  struct canon *canon, const struct bpf_program *program)
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
		jsonw_member_bool(w, "bitmap",
				  bitmap_serves(program, a.abi, a.nr) == BITMAP_SERVES);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_rules(struct jsonw *w, const struct subject *s, const struct question *q)
{
	jsonw_member_array(w, "rules");
	for (size_t i = 0; s->profile && i < s->profile->n_rules; i++) {
		const struct rule *rule = &s->profile->rules[i];

		if (!profile_rule_names(rule, q->call))
			continue;
		jsonw_object(w);
		jsonw_member_string(w, "place", profile_rule_where(s->profile, rule));
		jsonw_member_string(w, "action", say_action(rule->action));
		if (rule->n_conditions)
			jsonw_member_string(w, "conditions",
					    say_conditions(s->facts.native, q->id, rule));
		jsonw_end(w);
	}
	jsonw_end(w);
}

static int write_alternatives(struct jsonw *w, const struct subject *s, const struct question *q,
			      struct canon *canon)
{
	struct alternatives other = { 0 };
	struct answer a;

	if (q->id >= 0 && answer_on(canon, s, q, s->facts.native, &a)) {
		int r = alternatives_find(s, q, a.abi, a.decision, canon, &other);

		if (r < 0)
			return r;
	}
	jsonw_member_array(w, "alternatives");
	for (size_t i = 0; i < other.n; i++) {
		uint32_t action;

		jsonw_object(w);
		jsonw_member_string(w, "what", other.v[i].what);
		if (canon_is_leaf(canon, other.v[i].decision, &action))
			jsonw_member_string(w, "action", say_action(action));
		else
			write_regions(w, canon, other.v[i].decision);
		jsonw_end(w);
	}
	jsonw_end(w);
	return 0;
}

static int print_json(const struct subject *s, const struct question *q, struct canon *canon)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);
	struct bpf_program program;
	int r = as_program(s, &program);

	if (r < 0)
		return r;

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-explain/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_string(w, "call", q->call);
	write_answers(w, s, q, canon, &program);
	write_rules(w, s, q);
	r = write_alternatives(w, s, q, canon);
	if (r < 0)
		return r;
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
	return 0;
}

static int explain(const struct global *g not_used, int argc, char **argv)
{
	struct question q;
	struct profile_facts facts;
	struct subject s;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = question_parse(argc - 1, argv + 1, facts.native, &q);
	if (r < 0)
		return r;
	return values.json ? print_json(&s, &q, &canon) : print_text(&s, &q, &canon);
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
