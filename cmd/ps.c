/* SPDX-License-Identifier: Apache-2.0 */
/* tamis ps: the processes of a container. */
#include "observe/ps.h"

#include "base/err.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "runtime/container.h"

#include <stdio.h>
#include <string.h>

struct values {
	const char *format;
};

static struct values values;

static const struct opt ps_options[] = {
	{ "format", 'f', OPT_STRING, offsetof(struct values, format), "FORMAT",
	  "table (default): rows of ps(1); json: an array of pids", cmd_formats },
	OPT_END,
};

static int print_pids(struct container *c)
{
	pid_t *pids;
	size_t n;
	int r = container_ps_pids(c, &pids, &n);

	if (r < 0)
		return r;
	putchar('[');
	for (size_t i = 0; i < n; i++)
		printf("%s%d", i ? "," : "", pids[i]);
	puts("]");
	return 0;
}

static int print_table(struct container *c, char **args)
{
	struct text table;
	int r = container_ps(c, args, &table);

	if (r >= 0)
		fwrite(table.data, 1, table.len, stdout);
	return r;
}

static int ps(const struct global *g, int argc not_used, char **argv)
{
	bool json;
	struct container c;

	int r = cmd_read_format("ps", values.format, &json);

	if (r < 0)
		return r;
	r = container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = json ? print_pids(&c) : print_table(&c, argv + 1);
	container_close(&c);
	return r;
}

const struct command cmd_ps = {
	.name = "ps",
	.arguments = "ID [PS-ARGUMENT...]",
	.summary = "show the processes of a container",
	.options = ps_options,
	.values = &values,
	.min_args = 1,
	.max_args = -1,
	.words_are_data = true,
	.run = ps,
};
