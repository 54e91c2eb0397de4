/* SPDX-License-Identifier: Apache-2.0 */
/* tamis spec: writes a template of config.json. */
#include "base/err.h"
#include "base/fd.h"
#include "cmd/cmd.h"
#include "runtime/describe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct values {
	const char *bundle;
	bool rootless;
};

static struct values values;

static const struct opt spec_options[] = {
	{ "bundle", 'b', OPT_TEXT, offsetof(struct values, bundle), "DIR",
	  "where to write it (default: the working directory)" },
	{ "rootless", 0, OPT_BOOL, offsetof(struct values, rootless), NULL,
	  "one for a user who is not root" },
	OPT_END,
};

static int spec(const struct global *g not_used, int argc not_used, char **argv not_used)
{
	struct text text;
	const char *bundle = values.bundle ? values.bundle : ".";
	autofd dir = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return fail(errno, "spec: --bundle %s: cannot be opened", bundle);
	int r = describe_spec(values.rootless, &text);

	if (r < 0)
		return r;
	autofd fd = openat(dir, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return errno == EEXIST ? fail(0, "spec: config.json exists; remove it or choose "
						 "another --bundle")
				       : fail(errno, "spec: config.json cannot be made");
	r = io_write_all(fd, text.data, text.len);
	if (r < 0) {
		(void)unlinkat(dir, "config.json", 0);
		return fail(-r, "spec: config.json cannot be written");
	}
	return 0;
}

const struct command cmd_spec = {
	.name = "spec",
	.arguments = "",
	.summary = "write a template of config.json",
	.options = spec_options,
	.values = &values,
	.max_args = 0,
	.run = spec,
};
