/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that several commands share. */
#include "cmd/cmd.h"

#include "base/err.h"
#include "runtime/container.h"

const struct opt cmd_no_options[] = { OPT_END };

enum { FORMAT_TABLE, FORMAT_JSON };

const struct name cmd_formats[] = { { "table", FORMAT_TABLE }, { "json", FORMAT_JSON }, { 0 } };

int cmd_read_format(const char *command, const char *format, bool *ret_json)
{
	const struct name *found = names_find(cmd_formats, format ? format : "table");

	if (!found)
		return fail(0, "%s: --format: expected table or json, found '%s'", command, format);
	*ret_json = found->value == FORMAT_JSON;
	return 0;
}

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
