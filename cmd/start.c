/* SPDX-License-Identifier: Apache-2.0 */
/* tamis start, tamis state: one container, no options. */
#include "base/err.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "runtime/container.h"

#include <stdio.h>

static const struct opt no_options[] = { OPT_END };

static int start(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	int r = container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = container_start(&c);
	if (r >= 0)
		r = container_await_ready(&c);
	container_close(&c);
	return r;
}

static int state(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	int r = container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	enum status status = container_status(&c);

	if (status == STATUS_GONE)
		r = fail(0, "container '%s': " WORDS_NOT_EXIST, c.id);
	else
		fputs(container_state(&c, status, true), stdout);
	container_close(&c);
	return r;
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "ID",
	.summary = "run the program of a created container",
	.options = no_options,
	.min_args = 1,
	.max_args = 1,
	.run = start,
};

const struct command cmd_state = {
	.name = "state",
	.arguments = "ID",
	.summary = "print a container's state as JSON",
	.options = no_options,
	.min_args = 1,
	.max_args = 1,
	.run = state,
};
