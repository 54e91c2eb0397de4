/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp edit: changes what a profile answers to some calls, and nothing else, in its text.
 * What the new text means is proved before it is written.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/amend.h"
#include "cmd/seccomp/changes_text.h"
#include "cmd/seccomp/form.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "cmd/seccomp/wanted.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>

static struct edit_options {
	struct subject_options subject;
	struct wanted_options wanted;
	const char *output;
	bool in_place, inexact, json;
} values;

static const struct opt options[] = {
	WANTED_OPTIONS(struct edit_options, wanted),
	{ "output", 'o', OPT_STRING, offsetof(struct edit_options, output), "FILE",
	  "write the profile to this file (standard output)" },
	{ "in-place", 'i', OPT_BOOL, offsetof(struct edit_options, in_place), NULL,
	  "write it to where it was read from" },
	{ "inexact", 0, OPT_BOOL, offsetof(struct edit_options, inexact), NULL,
	  "write it even if no rules can keep other calls as they are" },
	{ "json", 0, OPT_BOOL, offsetof(struct edit_options, json), NULL,
	  "print what changes as JSON, in place of the profile" },
	SUBJECT_OPTIONS(struct edit_options, subject),
	OPT_END,
};

/* A text of JSON or YAML is edited; of all others the next step is told. */
static int check_form(const struct subject *s)
{
	if (s->document && form_is_editable(s->document))
		return 0;
	return fail(0,
		    "%s (%s) cannot be edited; write it as a profile first: tamis seccomp show "
		    "--as oci %s",
		    s->name, s->form, s->name);
}

static const char *destination(char **argv)
{
	return values.in_place ? argv[0] : values.output;
}

static const char *list_unknown(const struct amended *a)
{
	const char *text = "";

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (a->unknown[id])
			text = arena_printf("%s%s%s", text, *text ? ", " : "", syscall_name(id));
	return text;
}

static void print_text(const struct subject *s, const struct canon *canon, const struct amended *a,
		       const struct changes *changes)
{
	const char *unknown = list_unknown(a);

	if (!changes->n)
		fprintf(stderr, "%s: nothing changes\n", s->name);
	changes_text_print(stderr, canon, changes, &(struct changes_words){ "before", "after" });
	if (*unknown)
		say_print_to(stderr, 2,
			     arena_printf("  calls that were newer than the profile and get a rule "
					  "so that they stay ENOSYS: %s",
					  unknown));
	if (a->wrong)
		say_print_to(stderr, 2, arena_printf("  not as before: %s", a->wrong));
}

static void print_json(const struct subject *s, const struct canon *canon, const struct amended *a,
		       const struct changes *changes, const char *file)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-edit/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_string(w, "written", file);
	changes_text_write(w, canon, changes);
	jsonw_member_array(w, "keptUnknown");
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (a->unknown[id])
			jsonw_string(w, syscall_name(id));
	jsonw_end(w);
	jsonw_member_bool(w, "exact", !a->wrong);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int finish(const struct subject *s, const struct canon *canon, const struct amended *a,
		  const char *file)
{
	struct changes changes = { 0 };
	int r = 0;

	changes_collect(&s->verdicts, &a->after.verdicts, &changes);
	if (a->wrong && !values.inexact)
		return fail(0, "%s: no rules change only that; it would get %s (--inexact)",
			    s->name, a->wrong);
	if (file)
		r = output_write(file, &a->text);
	else if (!values.json)
		fwrite(a->text.data, 1, a->text.len, stdout);
	if (r < 0)
		return r;
	if (values.json)
		print_json(s, canon, a, &changes, file);
	else
		print_text(s, canon, a, &changes);
	return EXIT_YES;
}

static int check_options(char **argv)
{
	if (values.in_place && values.output)
		return fail(0, "found --in-place and --output, expected one of them");
	if (values.in_place && strcmp(argv[0], "-") == 0)
		return fail(0, "--in-place: expected a file, found standard input");
	return 0;
}

static int edit(const struct global *g not_used, int argc not_used, char **argv)
{
	struct profile_facts facts = { 0 };
	struct wishes wishes = { 0 };
	struct amended amended;
	struct canon canon;
	struct subject s;
	int r = check_options(argv);

	canon_init(&canon);
	if (r >= 0)
		r = subject_facts(&values.subject, &facts);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = check_form(&s);
	if (r >= 0)
		r = wanted_read(&values.wanted, s.profile->default_action, facts.native, &wishes);
	if (r >= 0)
		r = amend_profile(&s, &wishes, values.inexact, &canon, &amended);
	return r < 0 ? r : finish(&s, &canon, &amended, destination(argv));
}

const struct command seccomp_edit = {
	.name = "edit",
	.arguments = "PROFILE",
	.summary = "change what a profile answers to some calls, and nothing else",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = edit,
};
