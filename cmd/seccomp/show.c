/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp show: what a profile or a program is, in figures and in instructions. */
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "oci/words.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

static struct show_options {
	struct subject_options subject;
	const char *as;
	bool json, verbose;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct show_options, subject),
	{ "json", 0, OPT_BOOL, offsetof(struct show_options, json), NULL, "print JSON" },
	{ "as", 0, OPT_STRING, offsetof(struct show_options, as), "FORM",
	  "write it as oci (linux.seccomp) or bpf (instructions in binary form)" },
	{ "verbose", 'v', OPT_BOOL, offsetof(struct show_options, verbose), NULL,
	  "print the instructions of the filter, too" },
	OPT_END,
};

/* How the calls of one ABI are answered. */
struct count {
	enum abi abi;
	unsigned int allowed, denied, by_arguments, asked; /* asked: NOTIFY and TRACE */
};

static void count_call(const struct canon *canon, canon_ref decision, struct count *ret)
{
	uint32_t action;

	if (!canon_is_leaf(canon, decision, &action)) {
		ret->by_arguments++;
		return;
	}
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		ret->allowed++;
		return;
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
		ret->asked++;
		return;
	default:
		ret->denied++;
	}
}

static struct count count_abi(const struct canon *canon, const struct subject *s, enum abi abi)
{
	struct count ret = { .abi = abi };

	for (unsigned int id = 0; id < syscall_count(); id++) {
		uint32_t nr = syscall_nr(abi, id);

		if (nr != SYSCALL_NONE)
			count_call(canon,
				   verdicts_at(&s->verdicts, arch_abi(abi)->audit,
					       nr | arch_abi(abi)->nr_bit),
				   &ret);
	}
	return ret;
}

static bool is_shown(const struct subject *s, enum abi abi)
{
	return abi == s->facts.native ||
	       verdicts_arch(&s->verdicts, arch_abi(abi)->audit) != &s->verdicts.other;
}

/* The filter that `run` and `create` would load. Reporting. */
static int program_of(const struct subject *s, struct bpf_program *ret)
{
	const struct filter_options o = { .kernel_flags = UINT64_MAX,
					  .machine = arch_abi(s->facts.native)->machine };
	const struct filter *filter;

	if (s->program) {
		*ret = *s->program;
		return 0;
	}
	int r = filter_compile(s->profile, &o, &filter);

	if (r == 0)
		*ret = (struct bpf_program){ filter->code, filter->len };
	return r;
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
		struct count n;

		if (!is_shown(s, abi))
			continue;
		n = count_abi(canon, s, abi);
		printf("%-12s %8u %8u %8u %8u\n", say_abi(abi), n.allowed, n.denied, n.by_arguments,
		       n.asked);
	}
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
		struct count n;

		if (!is_shown(s, abi))
			continue;
		n = count_abi(canon, s, abi);
		jsonw_object(w);
		jsonw_member_string(w, "architecture", arch_abi(abi)->scmp);
		jsonw_member_u64(w, "allowed", n.allowed);
		jsonw_member_u64(w, "denied", n.denied);
		jsonw_member_u64(w, "byArguments", n.by_arguments);
		jsonw_member_u64(w, "asked", n.asked);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

/* The profile or the filter itself, for a file. */
static int write_as(const struct subject *s, const struct bpf_program *p)
{
	if (strcmp(values.as, "bpf") == 0) {
		fwrite(p->code, sizeof(*p->code), p->len, stdout);
		return EXIT_YES;
	}
	if (strcmp(values.as, "oci") != 0)
		return fail(0, "--as: expected oci or bpf, found '%s'", values.as);
	if (!s->profile)
		return fail(0, "%s: a %s cannot be written as oci", s->name, s->form);
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	profile_write(w, s->profile);
	fputs(jsonw_finish(w).data, stdout);
	return EXIT_YES;
}

static int show(const struct global *g not_used, int argc not_used, char **argv)
{
	struct profile_facts facts;
	struct bpf_program program = { 0 };
	struct subject s;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = program_of(&s, &program);
	if (r < 0)
		return r;
	if (values.as)
		return write_as(&s, &program);
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
