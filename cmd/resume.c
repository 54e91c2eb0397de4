/* SPDX-License-Identifier: Apache-2.0 */
/* tamis resume */
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/freeze.h"

static int set(struct container *c)
{
	return container_freeze(c, false);
}

static int resume_container(const struct global *g, int argc not_used, char **argv)
{
	return cmd_on_container(g, argv[0], set);
}

const struct command cmd_resume = {
	.name = "resume",
	.arguments = "ID",
	.summary = "thaw the processes of a paused container",
	.options = cmd_no_options,
	.min_args = 1,
	.max_args = 1,
	.run = resume_container,
};
