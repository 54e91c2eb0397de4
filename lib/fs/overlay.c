/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns overlay layers whose paths are too long. fsconfig(2) takes a value of 255 bytes, mount(2) a
 * page. Images with many layers and deep storage directories exceed the former.
 *
 * Each layer is opened, made the working directory, and passed to the kernel as ".", which the
 * kernel resolves immediately. What must hold: no path is truncated, and no layer is resolved in
 * the wrong directory.
 */
#include "fs/overlay.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "fs/fsctx.h"
#include "fs/fsopt.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <unistd.h>

bool overlay_has_layers(const struct fsctx *ctx, const struct plan_option *o)
{
	static const char *const keys[] = { "lowerdir", "lowerdir+", "datadir+", "upperdir",
					    "workdir" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(o->key, keys[i]) == 0)
			return o->value && strcmp(ctx->fstype, "overlay") == 0;
	return false;
}

/*
 * Before Linux 6.5 overlay collects its options as text and resolves them when it is mounted, all
 * in one working directory. Such a context accepts any option at first; a newer one rejects an
 * unknown option at once.
 */
static int check_kernel(const struct fsctx *ctx)
{
	autofd probe = sys_fsopen("overlay", FSOPEN_CLOEXEC);

	if (probe < 0)
		return fail(errno, "%s: file system type overlay", ctx->what);
	if (sys_fsconfig(probe, FSCONFIG_SET_FLAG, "nosuchoption", NULL, 0) < 0)
		return 0;
	return fail(0, "%s: overlay: found layers of more than %d bytes, which need Linux 6.5",
		    ctx->what, FSCTX_VALUE_MAX);
}

static int add_layer(const struct fsctx *ctx, int fs, const char *key, const char *path)
{
	autofd dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 || fchdir(dir) < 0)
		return fail(errno, "%s: overlay: %s %s", ctx->what, key, path);
	return fsopt_set(ctx, fs, &(struct plan_option){ key, "." }, path);
}

/*
 * Returns the text up to the next separator, without the backslashes that escape one. In the arena.
 */
static const char *next_layer(const char **at, bool separated)
{
	const char *p = *at;
	char *layer = arena_alloc(strlen(p) + 1), *out = layer;

	for (; *p && !(separated && *p == ':'); p++) {
		if (*p == '\\' && p[1])
			p++;
		*out++ = *p;
	}
	*out = 0;
	*at = p;
	return layer;
}

/* "A:B::D" means the layers A and B and the data-only layer D. */
static int add_lower_layers(const struct fsctx *ctx, int fs, const char *value)
{
	const char *key = "lowerdir+", *p = value;

	for (;;) {
		const char *layer = next_layer(&p, true);

		if (!*layer)
			return fail(0, "%s: overlay: found an empty element in lowerdir",
				    ctx->what);
		int r = add_layer(ctx, fs, key, layer);

		if (r < 0 || !*p)
			return r;
		if (*++p == ':') {
			key = "datadir+";
			p++;
		}
	}
}

int overlay_set_layers(const struct fsctx *ctx, int fs, const struct plan_option *o)
{
	const char *value = o->value;
	autofd back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = check_kernel(ctx);

	if (r < 0)
		return r;
	if (strcmp(o->key, "lowerdir") == 0)
		r = add_lower_layers(ctx, fs, value);
	else /* for keys with "+" the kernel does not treat backslashes specially */
		r = add_layer(ctx, fs, o->key,
			      strchr(o->key, '+') ? value : next_layer(&value, false));
	if (r == 0 && (back < 0 || fchdir(back) < 0))
		return fail(errno, "%s: return from the layer's directory", ctx->what);
	return r;
}
