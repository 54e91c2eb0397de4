/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp show: what a profile or a program is, in figures and in instructions. */
#include "cmd/cmd.h"
#include "cmd/seccomp/as.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/tally.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/bpf.h"

#include <stdio.h>

static struct show_options {
	struct subject_options subject;
	struct as_options as;
	bool json, verbose;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct show_options, subject),
	{ "json", 0, OPT_BOOL, offsetof(struct show_options, json), NULL, "print JSON" },
	AS_OPTIONS(struct show_options, as),
	{ "verbose", 'v', OPT_BOOL, offsetof(struct show_options, verbose), NULL,
	  "print the instructions of the filter, too" },
	OPT_END,
};

static bool is_shown(const struct subject *s, enum abi abi)
{
	return abi == s->facts.native ||
	       verdicts_arch(&s->verdicts, arch_abi(abi)->audit) != &s->verdicts.other;
}

static void print_instructions(const struct bpf_program *p)
{
	printf("\n");
	for (size_t i = 0; i < p->len; i++)
		printf("%5zu  %s\n", i, bpf_format(p->code, i));
}

static void print_text(const struct canon *canon, const struct subject *s,
		       const struct bpf_program *p)
{
	printf("%s: %s, %u instructions\n", s->name, s->form, p->len);
	if (s->engine)
		printf("%s, the newest of %s\n", s->engine->source, s->engine->date);
	if (s->profile)
		printf("default action %s, %zu rules in force, Linux %u.%u\n",
		       say_action(s->profile->default_action), s->profile->n_rules,
		       s->facts.kernel_major, s->facts.kernel_minor);
	printf("\n%-12s %8s %8s %8s %8s\n", "", "allowed", "denied", "by args", "asked");
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		struct tally t;

		if (!is_shown(s, abi))
			continue;
		t = tally_abi(canon, &s->verdicts, abi);
		printf("%-12s %8u %8u %8u %8u\n", say_abi(abi), t.n[TALLY_ALLOWED],
		       t.n[TALLY_DENIED], t.n[TALLY_BY_ARGS], t.n[TALLY_ASKED]);
	}
	tally_print(canon, &s->verdicts, s->facts.native);
	if (values.verbose)
		print_instructions(p);
}

static void print_json(const struct canon *canon, const struct subject *s,
		       const struct bpf_program *p)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-show/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_string(w, "form", s->form);
	if (s->engine) {
		jsonw_member_string(w, "source", s->engine->source);
		jsonw_member_string(w, "date", s->engine->date);
	}
	jsonw_member_u64(w, "instructions", p->len);
	if (s->profile) {
		jsonw_member_string(w, "defaultAction", say_action(s->profile->default_action));
		jsonw_member_u64(w, "rules", s->profile->n_rules);
	}
	jsonw_member_array(w, "architectures");
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		struct tally t;

		if (!is_shown(s, abi))
			continue;
		t = tally_abi(canon, &s->verdicts, abi);
		jsonw_object(w);
		jsonw_member_string(w, "architecture", arch_abi(abi)->scmp);
		jsonw_member_u64(w, "allowed", t.n[TALLY_ALLOWED]);
		jsonw_member_u64(w, "denied", t.n[TALLY_DENIED]);
		jsonw_member_u64(w, "byArguments", t.n[TALLY_BY_ARGS]);
		jsonw_member_u64(w, "asked", t.n[TALLY_ASKED]);
		jsonw_end(w);
	}
	jsonw_end(w);
	tally_write(w, canon, &s->verdicts, s->facts.native);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int show(const struct global *g not_used, int argc not_used, char **argv)
{
	struct profile_facts facts;
	struct bpf_program program = { 0 };
	struct subject s;
	struct canon canon;
	int r = as_check(&values.as);

	canon_init(&canon);
	if (r >= 0)
		r = subject_facts(&values.subject, &facts);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0 && values.as.form)
		return as_write(&values.as, &s, &canon);
	if (r >= 0)
		r = as_program(&s, &program);
	if (r < 0)
		return r;
	if (values.json)
		print_json(&canon, &s, &program);
	else
		print_text(&canon, &s, &program);
	return EXIT_YES;
}

const struct command seccomp_show = {
	.name = "show",
	.arguments = "PROFILE",
	.summary = "say what a profile or a filter is, in figures",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = show,
};
