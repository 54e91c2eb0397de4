/* SPDX-License-Identifier: Apache-2.0 */
/* tamis features */
#include "base/err.h"
#include "cmd/cmd.h"
#include "runtime/describe.h"

#include <unistd.h>

static int features(const struct global *g not_used, int argc not_used, char **argv not_used)
{
	struct text text;
	int r = describe_features(&text);

	if (r >= 0)
		r = io_write_all(STDOUT_FILENO, text.data, text.len);
	return r < 0 && !err_message() ? fail(-r, "write to standard output") : r;
}

const struct command cmd_features = {
	.name = "features",
	.arguments = "",
	.summary = "print what this runtime supports as JSON",
	.options = cmd_no_options,
	.max_args = 0,
	.run = features,
};
