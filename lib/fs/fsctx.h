/* SPDX-License-Identifier: Apache-2.0 */
/* New superblocks: fsopen(2), fsconfig(2), fsmount(2). */
#ifndef FS_FSCTX_H
#define FS_FSCTX_H

#include "base/base.h"

struct plan_option;

struct fsctx {
	const char *what; /* for messages */
	const char *fstype;
	const char *source;	/* or NULL */
	const char *label;	/* SELinux, or NULL */
	const char *label_kind; /* the option that takes it */
	size_t n_options;
	const struct plan_option *options;
	uint64_t attrs;	    /* MOUNT_ATTR_* */
	const int *context; /* one that is open (fsopen(2)), borrowed; NULL: a new one */
};

enum { FSCTX_VALUE_MAX = 255 }; /* fsconfig(2): strndup_user() of 256 */

/* A detached mount of a new superblock; errors carry the kernel's own words. Reporting. */
must_check int fsctx_mount(const struct fsctx *fs);

#endif
