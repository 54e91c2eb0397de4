/* SPDX-License-Identifier: Apache-2.0 */
/* Where the source of a bind mount is looked up. */
#ifndef FS_SOURCE_H
#define FS_SOURCE_H

#include "base/base.h"

struct bind_source;
struct box;
struct plan;
struct plan_mount;

/* The directory that the container's root is cloned from, and what a path may call it. */
struct root_place {
	int fd; /* borrowed */
	const char *name, *linked;
};

/* By plan->root.path and its descriptor. Arena. */
struct root_place source_root(const struct plan *plan, int root);
/* Where the source of the bind m is to be looked up. Arena. Reporting. */
must_check int source_find(const struct plan_mount *m, const struct root_place *root,
			   struct bind_source *ret);
/* Makes the symbolic link of "copy-symlink" at m's destination. Reporting. */
must_check int source_make_link(const struct box *box, const struct plan_mount *m,
				const char *target);

#endif
