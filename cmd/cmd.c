/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that several commands share. */
#include "cmd/cmd.h"

#include "runtime/container.h"

const struct opt cmd_no_options[] = { OPT_END };

int cmd_on_container(const struct global *g, const char *id, int (*act)(struct container *c))
{
	struct container c;
	int r = container_open_sound(g->root, id, &c);

	if (r < 0)
		return r;
	r = act(&c);
	container_close(&c);
	return r;
}
