/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp diff: where two profiles answer a call differently. It compares what they mean,
 * for every number and every argument of every architecture, not how they are written.
 */
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/changes_text.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"

#include <linux/seccomp.h>
#include <stdio.h>

static struct diff_options {
	struct subject_options subject;
	bool within, equal, json, markdown;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct diff_options, subject),
	{ "within", 0, OPT_BOOL, offsetof(struct diff_options, within), NULL,
	  "ask whether A never lets through what B denies" },
	{ "equal", 0, OPT_BOOL, offsetof(struct diff_options, equal), NULL,
	  "ask whether A and B answer every call alike" },
	{ "json", 0, OPT_BOOL, offsetof(struct diff_options, json), NULL, "print JSON" },
	{ "markdown", 0, OPT_BOOL, offsetof(struct diff_options, markdown), NULL,
	  "print tables of Markdown, for a review" },
	OPT_END,
};

/* --- a question with yes or no ------------------------------------------------------------ */

static bool counts(uint32_t a, uint32_t b)
{
	return !values.within ||
	       (decision_action_lets_through(a) && !decision_action_lets_through(b));
}

static int print_proof(const struct canon *canon, const struct changes *changes)
{
	struct changes_example example;

	if (!changes_first(canon, changes, counts, &example)) {
		printf("yes\n");
		return EXIT_YES;
	}
	printf("no: %s: %s in A, %s in B\n", example.call, say_action(example.action[0]),
	       say_action(example.action[1]));
	return EXIT_NO;
}

static void print_json(const struct canon *canon, const struct changes *changes, char *const *names)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-diff/1");
	jsonw_member_string(w, "a", names[0]);
	jsonw_member_string(w, "b", names[1]);
	changes_text_write(w, canon, changes);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int diff(const struct global *g not_used, int argc not_used, char **argv)
{
	struct changes changes = { 0 };
	struct profile_facts facts;
	struct subject a, b;
	struct canon canon;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &a);
	if (r >= 0)
		r = subject_read(argv[1], &values.subject, &facts, &canon, &b);
	if (r < 0)
		return r;
	changes_collect(&a.verdicts, &b.verdicts, &changes);
	if (canon.overflow)
		return fail(0, "the conditions are too complex to be compared");
	if (values.within || values.equal)
		return print_proof(&canon, &changes);
	if (values.json)
		print_json(&canon, &changes, argv);
	else if (values.markdown)
		changes_text_markdown(&canon, &changes,
				      &(struct changes_words){ argv[0], argv[1] });
	else
		changes_text_print(stdout, &canon, &changes,
				   &(struct changes_words){ "in A", "in B" });
	return changes.n ? EXIT_NO : EXIT_YES;
}

const struct command seccomp_diff = {
	.name = "diff",
	.arguments = "A B",
	.summary = "say where two profiles answer a call differently",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = 2,
	.run = diff,
};
