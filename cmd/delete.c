/* SPDX-License-Identifier: Apache-2.0 */
/* tamis delete */
#include "runtime/delete.h"
#include "cmd/cmd.h"
#include "runtime/container.h"

struct values {
	bool force;
};

static struct values values;

static const struct opt delete_options[] = {
	{ "force", 'f', OPT_BOOL, offsetof(struct values, force), NULL,
	  "kill it first if it runs; no error if there is none" },
	OPT_END,
};

static int delete_container(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	int r = values.force ? container_open(g->root, argv[0], &c)
			     : container_open_sound(g->root, argv[0], &c);

	if (r == OPEN_ABSENT)
		return 0;
	if (r < 0)
		return r;
	r = r == OPEN_DONE ? container_delete(&c, values.force) : container_delete_damaged(&c);
	container_close(&c);
	return r;
}

const struct command cmd_delete = {
	.name = "delete",
	.arguments = "ID",
	.summary = "remove a container",
	.options = delete_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = delete_container,
};
