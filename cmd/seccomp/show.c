/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp show: what a profile or a program is, in figures and in instructions. */
#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/as.h"
#include "cmd/seccomp/libseccomp.h"
#include "cmd/seccomp/listing.h"
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
	bool json, markdown, verbose;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct show_options, subject),
	{ "json", 0, OPT_BOOL, offsetof(struct show_options, json), NULL, "print JSON" },
	{ "markdown", 0, OPT_BOOL, offsetof(struct show_options, markdown), NULL,
	  "print tables of Markdown, for a review" },
	AS_OPTIONS(struct show_options, as),
	{ "verbose", 'v', OPT_BOOL, offsetof(struct show_options, verbose), NULL,
	  "print the instructions of the filter, too" },
	OPT_END,
};

/* The programs of the subject: one, or all that are installed. */
struct shown {
	size_t n;
	const struct bpf_program *v;
	unsigned int instructions; /* of all of them */
	unsigned int longest;	   /* path through all of them */
	struct bpf_program theirs; /* libseccomp's of the same profile; len 0: none */
};

static int programs_of(const struct subject *s, struct shown *ret)
{
	struct bpf_program *one = arena_alloc(sizeof(*one));
	int r = 0;

	*ret = (struct shown){ .n = s->n_programs, .v = s->programs };
	if (!s->n_programs) {
		r = as_program(s, one);
		*ret = (struct shown){ .n = 1, .v = one };
	}
	for (size_t i = 0; i < ret->n && r >= 0; i++) {
		ret->instructions += ret->v[i].len;
		ret->longest += bpf_longest(ret->v[i].code, ret->v[i].len);
	}
	if (r >= 0 && s->profile && !libseccomp_compile(s->profile, s->facts.native, &ret->theirs))
		ret->theirs.len = 0;
	return r;
}

static bool is_shown(const struct subject *s, enum abi abi)
{
	return abi == s->facts.native ||
	       verdicts_arch(&s->verdicts, arch_abi(abi)->audit) != &s->verdicts.other;
}

static void print_instructions(const struct shown *shown)
{
	const char *fence = values.markdown ? "```\n" : "";

	for (size_t i = 0; i < shown->n; i++) {
		printf("\n");
		if (shown->n > 1)
			printf("filter %zu of %zu, the newest is the first:\n%s", i + 1, shown->n,
			       values.markdown ? "\n" : "");
		printf("%s", fence);
		listing_print(&shown->v[i]);
		printf("%s", fence);
	}
}

/* The architectures, and the native one by category. */
static void print_tables(const struct canon *canon, const struct subject *s,
			 const struct shown *shown)
{
	tally_print_head(values.markdown ? "architecture" : "", values.markdown);
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		struct tally t;

		if (!is_shown(s, abi))
			continue;
		t = tally_abi(canon, &s->verdicts, abi);
		tally_print_row(arch_name(abi), &t, values.markdown);
	}
	tally_print(canon, &s->verdicts, s->facts.native, values.markdown);
	if (values.verbose && !s->kernel_alone)
		print_instructions(shown);
}

static void print_text(const struct subject *s, const struct shown *shown)
{
	if (s->kernel_alone)
		printf("%s: %s\n", s->name, s->form);
	else
		printf("%s: %s, %u instructions, longest path %u\n", s->name, s->form,
		       shown->instructions, shown->longest);
	if (shown->theirs.len)
		printf("libseccomp makes %u instructions of it, longest path %u\n",
		       shown->theirs.len, bpf_longest(shown->theirs.code, shown->theirs.len));
	if (s->engine)
		printf("%s, the newest of %s\n", s->engine->source, s->engine->date);
	if (s->origin)
		say_print(0, s->origin);
	if (s->profile)
		printf("default action %s, %zu rules in force, Linux %u.%u\n",
		       say_action(s->profile->default_action), s->profile->n_rules,
		       s->facts.kernel_major, s->facts.kernel_minor);
}

static void print_fact(const char *name, const char *value)
{
	printf("| %s | %s |\n", name, say_cell(value));
}

static void print_markdown(const struct subject *s, const struct shown *shown)
{
	print_fact("profile", s->name);
	printf("| --- | --- |\n");
	print_fact("form", s->form);
	if (s->engine)
		print_fact("source", arena_printf("%s, the newest of %s", s->engine->source,
						  s->engine->date));
	if (s->origin)
		print_fact("origin", s->origin);
	if (s->profile) {
		print_fact("default action", say_action(s->profile->default_action));
		print_fact("rules in force",
			   arena_printf("%zu, with Linux %u.%u", s->profile->n_rules,
					s->facts.kernel_major, s->facts.kernel_minor));
	}
	if (!s->kernel_alone)
		print_fact("instructions", arena_printf("%u, longest path %u", shown->instructions,
							shown->longest));
	if (shown->theirs.len)
		print_fact("instructions of libseccomp",
			   arena_printf("%u, longest path %u", shown->theirs.len,
					bpf_longest(shown->theirs.code, shown->theirs.len)));
}

static void print_json(const struct canon *canon, const struct subject *s,
		       const struct shown *shown)
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
	jsonw_member_u64(w, "instructions", s->kernel_alone ? 0 : shown->instructions);
	if (!s->kernel_alone)
		jsonw_member_u64(w, "longestPath", shown->longest);
	if (shown->theirs.len) {
		jsonw_member_object(w, "libseccomp");
		jsonw_member_u64(w, "instructions", shown->theirs.len);
		jsonw_member_u64(w, "longestPath",
				 bpf_longest(shown->theirs.code, shown->theirs.len));
		jsonw_end(w);
	}
	if (s->n_programs)
		jsonw_member_u64(w, "filters", s->kernel_alone ? 0 : s->n_programs);
	if (s->origin)
		jsonw_member_string(w, "origin", s->origin);
	if (s->warning)
		jsonw_member_string(w, "warning", s->warning);
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
	struct shown shown = { 0 };
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
		r = programs_of(&s, &shown);
	if (r < 0)
		return r;
	if (values.json) {
		print_json(&canon, &s, &shown);
		return EXIT_YES;
	}
	if (values.markdown)
		print_markdown(&s, &shown);
	else
		print_text(&s, &shown);
	print_tables(&canon, &s, &shown);
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
