/* SPDX-License-Identifier: Apache-2.0 */
/* tamis pause, tamis resume. */
#include "cmd/cmd.h"
#include "runtime/container.h"

static const struct opt no_options[] = { OPT_END };

static int on_container(const struct global *g, const char *id, int (*act)(struct container *c))
{
	struct container c;
	int r = container_open_sound(g->root, id, &c);

	if (r < 0)
		return r;
	r = act(&c);
	container_close(&c);
	return r;
}

static int pause_container(const struct global *g, int argc not_used, char **argv)
{
	return on_container(g, argv[0], container_pause);
}

static int resume_container(const struct global *g, int argc not_used, char **argv)
{
	return on_container(g, argv[0], container_resume);
}

const struct command cmd_pause = {
	.name = "pause",
	.arguments = "ID",
	.summary = "stop the processes of a container where they are",
	.options = no_options,
	.min_args = 1,
	.max_args = 1,
	.run = pause_container,
};

const struct command cmd_resume = {
	.name = "resume",
	.arguments = "ID",
	.summary = "let the processes of a paused container go on",
	.options = no_options,
	.min_args = 1,
	.max_args = 1,
	.run = resume_container,
};
