/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp union: the profile that permits what at least one of several profiles permits. */
#include "cmd/cmd.h"
#include "cmd/seccomp/combine.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"

#include <stdio.h>

static struct combine_options values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct combine_options, subject),
	AS_OPTIONS(struct combine_options, as),
	{ "json", 0, OPT_BOOL, offsetof(struct combine_options, json), NULL,
	  "print the profile and the inputs as JSON" },
	OPT_END,
};

static int run(const struct global *g not_used, int argc, char **argv)
{
	struct combination c;
	struct canon canon;
	int r = combine(&values, true, argv, (size_t)argc, &canon, &c);

	if (r < 0 || !values.json)
		return r < 0 ? r : as_write(&values.as, &c.result, &canon);
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	combine_write(w, "tamis-seccomp-union/1", &c);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
	return EXIT_YES;
}

const struct command seccomp_union = {
	.name = "union",
	.arguments = "A B...",
	.summary = "print the profile that permits what one of several permits",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = -1,
	.run = run,
};
