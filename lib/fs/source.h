/* SPDX-License-Identifier: Apache-2.0 */
/* Where the source of a bind mount is looked up. */
#ifndef FS_SOURCE_H
#define FS_SOURCE_H

#include "base/base.h"

struct bind_source;
struct box;
struct plan;
struct plan_mount;

/* The directory that the container's root is cloned from, and its last path components. */
struct root_place {
	int fd; /* open directory; the caller keeps it */
	const char *name, *linked;
};

/* Describes the root by plan->root.path and its descriptor. In the arena. */
struct root_place source_root(const struct plan *plan, int root);
/*
 * Stores where the source of bind mount m has to be looked up: on the host, below the container's
 * root, or as a link to be copied. In the arena. Reporting.
 */
must_check int source_find(const struct plan_mount *m, const struct root_place *root,
			   struct bind_source *ret);
/* Makes the symbolic link of the option "copy-symlink" at m's destination. Reporting. */
must_check int source_make_link(const struct box *box, const struct plan_mount *m,
				const char *target);

#endif
