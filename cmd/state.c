/* SPDX-License-Identifier: Apache-2.0 */
/* tamis state */
#include "runtime/state.h"
#include "base/err.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/status.h"

#include <stdio.h>

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

const struct command cmd_state = {
	.name = "state",
	.arguments = "ID",
	.summary = "print a container's state as JSON",
	.options = cmd_no_options,
	.min_args = 1,
	.max_args = 1,
	.run = state,
};
