/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets one option of a file system context (fsconfig(2)) and reads the kernel's message if it
 * fails.
 */
#include "fs/fsopt.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sys.h"
#include "fs/fsctx.h"
#include "plan/plan.h"

#include <errno.h>
#include <linux/mount.h>
#include <string.h>
#include <unistd.h>

const char *fsopt_words(int fs)
{
	const char *words = "";
	char line[512];
	ssize_t n;

	while ((n = read(fs, line, sizeof(line) - 1)) > 0) {
		line[n] = 0;
		line[strcspn(line, "\n")] = 0;
		if (line[0] == 'e' && line[1] == ' ')
			words = arena_printf(": %s", line + 2);
	}
	return words;
}

/* A hint why the kernel refused a number that looks valid, or "". */
static const char *option_hint(const struct plan_option *o, int error)
{
	bool id = strcmp(o->key, "uid") == 0 || strcmp(o->key, "gid") == 0;

	return id && error == EINVAL ? " (is it mapped in the container's user namespace?)" : "";
}

int fsopt_set(const struct fsctx *ctx, int fs, const struct plan_option *o, const char *shown)
{
	unsigned int cmd = o->value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG;

	if (sys_fsconfig(fs, cmd, o->key, o->value, 0) == 0)
		return 0;
	int saved = errno;

	return fail(saved, "%s: %s: option %s%s%s%s%s", ctx->what, ctx->fstype, o->key,
		    shown ? "=" : "", shown ? shown : "", fsopt_words(fs), option_hint(o, saved));
}
