/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp check: looks for mistakes in profiles. */
#include "seccomp/check.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/check_fix.h"
#include "cmd/seccomp/check_report.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/json.h"

static const struct name targets[] = {
	{ "kubernetes", CHECK_KUBERNETES },
	{ "docker", CHECK_DOCKER },
	{ "podman", CHECK_PODMAN },
	{ NULL, 0 },
};

static struct check_options {
	struct subject_options subject;
	const char *explain, *target;
	bool fix, all, json, sarif, markdown;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct check_options, subject),
	{ "all", 'a', OPT_BOOL, offsetof(struct check_options, all), NULL,
	  "print notes and what remarks allow, too" },
	{ "fix", 0, OPT_BOOL, offsetof(struct check_options, fix), NULL,
	  "change the files where that is safe" },
	{ "target", 0, OPT_STRING, offsetof(struct check_options, target), "ENGINE",
	  "what it drops of the file: kubernetes, docker or podman", targets },
	{ "explain", 0, OPT_STRING, offsetof(struct check_options, explain), "CODE",
	  "say what a finding means, and what to do" },
	{ "json", 0, OPT_BOOL, offsetof(struct check_options, json), NULL, "print JSON" },
	{ "sarif", 0, OPT_BOOL, offsetof(struct check_options, sarif), NULL,
	  "print SARIF 2.1.0, for code review" },
	{ "markdown", 0, OPT_BOOL, offsetof(struct check_options, markdown), NULL,
	  "print a table in Markdown" },
	OPT_END,
};

static int explain(const char *code)
{
	enum finding_code found = findings_find(code);
	const char *like = found == FINDING_COUNT ? findings_like(code) : NULL;

	if (found == FINDING_COUNT)
		return fail(0, "--explain: no finding is called '%s'%s%s%s", code,
			    like ? "; did you mean " : "", like ? like : "", like ? "?" : "");
	check_report_explain(found);
	return EXIT_YES;
}

static enum check_kind kind_of(const struct subject *s)
{
	if (!s->profile)
		return CHECK_PROGRAM;
	if (!s->document)
		return CHECK_BUILTIN;
	if (s->document->form == FORM_SPO)
		return CHECK_SPO;
	return s->document->form == FORM_OCI ? CHECK_OCI : CHECK_OTHER;
}

/* The object that has the rules. */
static const struct json *root_of(const struct subject *s)
{
	const struct json *root = s->document ? s->document->json : NULL;
	const struct json *inside = json_member(json_member(root, "linux"), "seccomp");

	if (s->document && s->document->form == FORM_SPO)
		return json_member(root, "spec");
	return inside ? inside : root;
}

static int examine(const struct subject *s, struct canon *canon, struct check_result *ret)
{
	const struct name *target = values.target ? names_find(targets, values.target) : NULL;
	struct check_run c = {
		.name = s->name,
		.kind = kind_of(s),
		.target = target ? (enum check_target)target->value : CHECK_ANYWHERE,
		.root = root_of(s),
		.text = s->document && s->document->form != FORM_BPF &&
					s->document->form != FORM_OCI
				? s->document->text
				: NULL,
		.profile = s->profile,
		.facts = s->facts,
		.canon = canon,
		.verdicts = &s->verdicts,
	};

	check_all(&c);
	if (canon->overflow)
		return fail(0, "%s: the conditions are too complex to be examined", s->name);
	*ret = (struct check_result){ .name = s->name, .found = c.found };
	return 0;
}

static int check_profiles(int argc, char **argv, struct check_result *results)
{
	struct profile_facts facts;
	int r = subject_facts(&values.subject, &facts);

	for (int i = 0; i < argc && r >= 0; i++) {
		struct subject s;
		struct canon canon;

		canon_init(&canon);
		r = subject_read(argv[i], &values.subject, &facts, &canon, &s);
		if (r >= 0)
			r = examine(&s, &canon, &results[i]);
		if (r >= 0 && values.fix)
			r = check_fix(&s, &results[i].found);
	}
	return r;
}

static int report(const struct check_result *results, size_t n)
{
	if (values.json)
		check_report_json(results, n);
	else if (values.sarif)
		check_report_sarif(results, n);
	else if (values.markdown)
		check_report_markdown(results, n, values.all);
	else if (!values.fix)
		check_report_text(results, n, values.all);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < results[i].found.n; j++)
			if (check_report_counts(&results[i].found.v[j]))
				return EXIT_NO;
	return EXIT_YES;
}

static int check(const struct global *g not_used, int argc, char **argv)
{
	if (values.explain)
		return argc ? fail(0, "--explain: expected no profile, found '%s'", argv[0])
			    : explain(values.explain);
	if (!argc)
		return fail(0, "check: expected at least one profile");
	if (values.target && !names_find(targets, values.target))
		return fail(0, "--target: expected kubernetes, docker or podman, found '%s'",
			    values.target);
	if (values.json + values.sarif + values.markdown + values.fix > 1)
		return fail(0, "check: expected one of --json, --sarif, --markdown and --fix");
	struct check_result *results = arena_array((size_t)argc, sizeof(*results));
	int r = check_profiles(argc, argv, results);

	return r < 0 ? r : report(results, (size_t)argc);
}

const struct command seccomp_check = {
	.name = "check",
	.arguments = "PROFILE...",
	.summary = "look for mistakes in profiles",
	.options = options,
	.values = &values,
	.min_args = 0,
	.max_args = -1,
	.run = check,
};
