/* SPDX-License-Identifier: Apache-2.0 */
/* tamis run */
#include "cmd/create_options.h"

static struct create_values values;

static const struct opt run_options[] = {
	CREATE_OPTIONS,
	{ "detach", 'd', OPT_BOOL, offsetof(struct create_values, detach), NULL,
	  "return when the program runs" },
	{ "keep", 0, OPT_BOOL, offsetof(struct create_values, run.keep), NULL,
	  "do not delete the container when it has ended" },
	{ "no-subreaper", 0, OPT_BOOL, offsetof(struct create_values, run.no_subreaper), NULL,
	  "do not adopt the container's orphans" },
	OPT_END,
};

static int run(const struct global *g, int argc not_used, char **argv)
{
	int exit_code, r = create_options_settle(g, argv[0], values.detach, &values);

	values.options.starts = true;
	values.run.create = &values.options;
	if (r >= 0)
		r = container_run(&values.run, &exit_code);
	return r < 0 ? r : exit_code;
}

const struct command cmd_run = {
	.name = "run",
	.arguments = "ID",
	.summary = "make a container, start it, wait for it and delete it",
	.options = run_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.run = run,
};
