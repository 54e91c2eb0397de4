/* SPDX-License-Identifier: Apache-2.0 */
/*
 * New file system instances by fsopen(2), fsconfig(2) and fsmount(2). Example:
 *
 *     struct fsctx fs = { .what = "mounts[0] /tmp", .fstype = "tmpfs", .source = "tmpfs" };
 *     autofd mount = fsctx_mount(&fs);
 *     r = mount < 0 ? mount : mount_attach(mount, target);
 */
#ifndef FS_FSCTX_H
#define FS_FSCTX_H

#include "base/base.h"

struct plan_option;

struct fsctx {
	const char *what; /* prefix of messages */
	const char *fstype;
	const char *source;	/* NULL: none */
	const char *label;	/* SELinux context, or NULL */
	const char *label_kind; /* name of the mount option for the label */
	size_t n_options;
	const struct plan_option *options;
	uint64_t attrs; /* MOUNT_ATTR_* */
	/* an fsopen(2) context that the caller keeps; NULL: a new one is opened */
	const int *context;
};

/* fsconfig(2) takes at most 256 bytes with the NUL: strndup_user() */
enum { FSCTX_VALUE_MAX = 255 };

/*
 * Returns a detached mount of a new superblock. Errors contain the kernel's own message. Reporting.
 */
must_check int fsctx_mount(const struct fsctx *fs);

#endif
