/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns new superblocks: fsopen(2), one fsconfig(2) per option, fsmount(2). What must hold: an
 * option is passed as one key and one value, so no value can add another option, as it could in the
 * comma-separated string of mount(2). The kernel's own error message is shown to the user.
 */
#include "fs/fsctx.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "fs/fsopt.h"
#include "fs/overlay.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <unistd.h>

static int set_option(const struct fsctx *ctx, int fs, const struct plan_option *o)
{
	size_t length = o->value ? strlen(o->value) : 0;

	if (length <= FSCTX_VALUE_MAX)
		return fsopt_set(ctx, fs, o, o->value);
	if (overlay_has_layers(ctx, o))
		return overlay_set_layers(ctx, fs, o);
	return fail(0, "%s: %s: found option %s of %zu bytes, expected at most %d", ctx->what,
		    ctx->fstype, o->key, length, FSCTX_VALUE_MAX);
}

/*
 * In a user namespace a new procfs or sysfs must not reveal files that are hidden in the existing
 * one (mount_too_revealing() in the kernel). Returns a hint about that, or "" for other errors.
 */
static const char *hidden_hint(const struct fsctx *ctx, int error)
{
	bool proc = strcmp(ctx->fstype, "proc") == 0;

	if (error != EPERM || (!proc && strcmp(ctx->fstype, "sysfs") != 0))
		return "";
	return arena_printf(" (parts of %s are masked or read-only here, by a container around us: "
			    "start that one with them unmasked, Podman: --security-opt unmask=ALL, "
			    "Kubernetes: procMount: Unmasked)",
			    proc ? "/proc" : "/sys");
}

int fsctx_mount(const struct fsctx *ctx)
{
	autofd fs = ctx->context ? fcntl(*ctx->context, F_DUPFD_CLOEXEC, 3)
				 : sys_fsopen(ctx->fstype, FSOPEN_CLOEXEC);
	int r = 0, saved;

	if (fs < 0)
		return fail(errno, "%s: file system type %s", ctx->what, ctx->fstype);
	if (ctx->source)
		r = set_option(ctx, fs, &(struct plan_option){ "source", ctx->source });
	for (size_t i = 0; r == 0 && i < ctx->n_options; i++)
		r = set_option(ctx, fs, &ctx->options[i]);
	if (r == 0 && ctx->label)
		r = set_option(ctx, fs, &(struct plan_option){ ctx->label_kind, ctx->label });
	if (r < 0)
		return r;
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) {
		saved = errno;
		return fail(saved, "%s: cannot make a %s%s", ctx->what, ctx->fstype,
			    fsopt_words(fs));
	}
	int fd = sys_fsmount(fs, FSMOUNT_CLOEXEC, (unsigned int)ctx->attrs);

	if (fd < 0) {
		saved = errno;
		return fail(saved, "%s: cannot mount a %s%s%s", ctx->what, ctx->fstype,
			    fsopt_words(fs), hidden_hint(ctx, saved));
	}
	return fd;
}
