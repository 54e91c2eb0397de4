/* SPDX-License-Identifier: Apache-2.0 */
/* tamis list: the containers below --root, for people, programs and shells. */
#include "observe/list.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "runtime/state.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 6, COLUMN_MIN = 12, COLUMN_GAP = 3 };

struct values {
	const char *format;
	bool quiet;
};

static struct values values;

static const struct opt list_options[] = {
	{ "format", 'f', OPT_STRING, offsetof(struct values, format), "FORMAT",
	  "table (default) or json", cmd_formats },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct values, quiet), NULL, "ids only, one a line" },
	OPT_END,
};

static void fill_row(const struct state *s, const char **row)
{
	row[0] = s->id;
	row[1] = arena_printf("%d", s->pid);
	row[2] = names_of(state_status_names, s->status);
	row[3] = s->bundle;
	row[4] = s->created;
	row[5] = s->owner;
}

static void print_table(const struct state *states, size_t n)
{
	static const char *const header[COLUMNS] = { "ID",     "PID",	  "STATUS",
						     "BUNDLE", "CREATED", "OWNER" };
	const char **cells = arena_array((n + 1) * COLUMNS, sizeof(*cells));
	int width[COLUMNS] = { 0 };

	memcpy(cells, header, sizeof(header));
	for (size_t i = 0; i < n; i++)
		fill_row(&states[i], cells + (i + 1) * COLUMNS);
	for (size_t i = 0; i < (n + 1) * COLUMNS; i++) {
		int len = (int)strlen(cells[i]) + COLUMN_GAP, *w = &width[i % COLUMNS];

		*w = len > *w ? len : *w;
		*w = *w < COLUMN_MIN ? COLUMN_MIN : *w;
	}
	for (size_t i = 0; i < (n + 1) * COLUMNS; i++)
		if (i % COLUMNS < COLUMNS - 1)
			printf("%-*s", width[i % COLUMNS], cells[i]);
		else
			printf("%s\n", cells[i]);
}

static void print_json(const struct state *states, size_t n)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		state_write(w, &states[i]);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int list(const struct global *g, int argc not_used, char **argv not_used)
{
	bool json;
	struct state *states;
	size_t n;

	int r = cmd_read_format("list", values.format, &json);

	if (r < 0)
		return r;
	r = container_list(g->root, &states, &n);

	if (r < 0)
		return r;
	if (json && !values.quiet)
		print_json(states, n);
	else if (!values.quiet)
		print_table(states, n);
	for (size_t i = 0; values.quiet && i < n; i++)
		printf("%s\n", states[i].id);
	return 0;
}

const struct command cmd_list = {
	.name = "list",
	.arguments = "",
	.summary = "show the containers",
	.options = list_options,
	.values = &values,
	.max_args = 0,
	.run = list,
};
