/* SPDX-License-Identifier: Apache-2.0 */
/* tamis create */
#include "cmd/create_options.h"

static struct create_values values;

static const struct opt create_options[] = { CREATE_OPTIONS, OPT_END };

static int create(const struct global *g, int argc not_used, char **argv)
{
	int r = create_options_settle(g, argv[0], true, &values);

	return r < 0 ? r : container_run_create(&values.options);
}

const struct command cmd_create = {
	.name = "create",
	.arguments = "ID",
	.summary = "make a container that waits for 'start'",
	.options = create_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.run = create,
};
