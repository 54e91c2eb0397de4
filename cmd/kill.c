/* SPDX-License-Identifier: Apache-2.0 */
/* tamis kill */
#include "runtime/kill.h"
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/signals.h"

struct values {
	bool all;
};

static struct values values;

static const struct opt kill_options[] = {
	{ "all", 'a', OPT_BOOL, offsetof(struct values, all), NULL,
	  "send it to every process of the container" },
	OPT_END,
};

static int kill_container(const struct global *g, int argc, char **argv)
{
	struct container c;
	int sig = signals_parse(argc > 1 ? argv[1] : "TERM");
	int r = sig < 0 ? sig : container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = container_kill(&c, sig, values.all);
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
