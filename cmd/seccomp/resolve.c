/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp resolve: a profile without conditions on capabilities, architecture or kernel. */
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/json.h"
#include "oci/jsonw.h"

#include <stdio.h>

static struct resolve_options {
	struct subject_options subject;
	bool why;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct resolve_options, subject),
	{ "why", 0, OPT_BOOL, offsetof(struct resolve_options, why), NULL,
	  "print which rules are left out, and why, instead of the profile" },
	OPT_END,
};

static bool is_in_force(const struct profile *profile, const struct json *rule)
{
	for (size_t i = 0; i < profile->n_rules; i++)
		if (profile->rules[i].at == rule)
			return true;
	return false;
}

/* "caps CAP_SYS_ADMIN, minKernel 4.8" of an "includes" or "excludes" object. */
static void print_filter(const char *what, const struct json *filter)
{
	if (!filter || filter->n == 0)
		return;
	printf("  %s", what);
	json_each (member, filter) {
		printf(" %s", member->key);
		if (member->type == JSON_STRING)
			printf(" %s", member->text);
		json_each (word, member)
			printf(" %s", word->type == JSON_STRING ? word->text : "?");
	}
	printf("\n");
}

static int print_why(const struct subject *s)
{
	const bool conditional = s->document && s->document->form == FORM_OCI;
	const struct json *root = conditional ? s->document->json : NULL;
	const struct json *inside = json_member(json_member(root, "linux"), "seccomp");
	const struct json *rules = json_member(inside ? inside : root, "syscalls");
	int dropped = 0;

	if (!rules)
		return fail(0, "%s: a %s has no rules that depend on anything", s->name, s->form);
	json_each (rule, rules) {
		const struct json *names = json_member(rule, "names");
		const struct json *first = names ? names->first : json_member(rule, "name");

		if (is_in_force(s->profile, rule))
			continue;
		printf("%s: left out: %s%s\n", json_place(rule),
		       first && first->type == JSON_STRING ? first->text : "",
		       names && names->n > 1 ? ", ..." : "");
		print_filter("needs", json_member(rule, "includes"));
		print_filter("is not for", json_member(rule, "excludes"));
		dropped++;
	}
	printf("%d of %u rules are left out on %s with Linux %u.%u\n", dropped, rules->n,
	       arch_name(s->facts.native), s->facts.kernel_major, s->facts.kernel_minor);
	return EXIT_YES;
}

static int resolve(const struct global *g not_used, int argc not_used, char **argv)
{
	struct profile_facts facts;
	struct subject s;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r < 0)
		return r;
	if (!s.profile)
		return fail(0, "%s: expected a profile, found a %s", s.name, s.form);
	if (values.why)
		return print_why(&s);
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	if (s.profile->is_plain)
		fprintf(stderr,
			"tamis seccomp: %s: a runtime answers calls that are newer than those "
			"which "
			"this profile names with ENOSYS; a %s is not read so (show --as oci says "
			"it "
			"by rules)\n",
			s.name, s.form);
	profile_write(w, s.profile);
	fputs(jsonw_finish(w).data, stdout);
	return EXIT_YES;
}

const struct command seccomp_resolve = {
	.name = "resolve",
	.arguments = "PROFILE",
	.summary = "print a profile in the form of the runtime-spec",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = resolve,
};
