/* SPDX-License-Identifier: Apache-2.0 */
/* tamis start */
#include "runtime/start.h"
#include "cmd/cmd.h"
#include "runtime/container.h"

static int start(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	int r = container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = container_start(&c);
	if (r >= 0)
		r = container_start_await_ready(&c);
	container_close(&c);
	return r;
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "ID",
	.summary = "run the program of a created container",
	.options = cmd_no_options,
	.min_args = 1,
	.max_args = 1,
	.run = start,
};
