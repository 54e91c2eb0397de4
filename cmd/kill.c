/* SPDX-License-Identifier: Apache-2.0 */
/* tamis kill, tamis delete. */
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/signals.h"

struct values {
	bool all, force;
};

static struct values values;

static const struct opt kill_options[] = {
	{ "all", 'a', OPT_BOOL, offsetof(struct values, all), NULL,
	  "send it to every process of the container" },
	OPT_END,
};

static const struct opt delete_options[] = {
	{ "force", 'f', OPT_BOOL, offsetof(struct values, force), NULL,
	  "kill it first if it runs; no error if there is none" },
	OPT_END,
};

static int kill_container(const struct global *g, int argc, char **argv)
{
	struct container c;
	int sig = signal_parse(argc > 1 ? argv[1] : "TERM");
	int r = sig < 0 ? sig : container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = container_kill(&c, sig, values.all);
	container_close(&c);
	return r;
}

static int delete_container(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	int r = values.force ? container_open(g->root, argv[0], &c)
			     : container_open_sound(g->root, argv[0], &c);

	if (r == OPEN_ABSENT)
		return 0;
	if (r < 0)
		return r;
	r = r == OPEN_DONE ? container_delete(&c, values.force) : container_recover(&c);
	container_close(&c);
	return r;
}

const struct command cmd_kill = {
	.name = "kill",
	.arguments = "ID [SIGNAL]",
	.summary = "send a signal (default TERM) to a container's init",
	.options = kill_options,
	.values = &values,
	.min_args = 1,
	.max_args = 2,
	.run = kill_container,
};

const struct command cmd_delete = {
	.name = "delete",
	.arguments = "ID",
	.summary = "remove what a container left",
	.options = delete_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = delete_container,
};
