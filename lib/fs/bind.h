/* SPDX-License-Identifier: Apache-2.0 */
/* Clones of mounted trees for bind mounts. */
#ifndef FS_BIND_H
#define FS_BIND_H

#include "base/base.h"

struct plan;

enum { BIND_LEFT_TO_INIT = 1 };
/*
 * Clones the tree at the source of mounts[i], detached, and sets its attributes, propagation and id
 * map as the plan says. idmap is the user namespace for an id-mapped mount, else -1. *ret is the
 * clone, or -1 if an optional source does not exist. Returns BIND_LEFT_TO_INIT if `in_parent` is
 * set and the calling process may not clone; init then calls this function in its own mount
 * namespace. Reporting.
 */
must_check int bind_open(const struct plan *plan, size_t i, int idmap, bool in_parent, int *ret);
/*
 * As bind_open(), for a source below the container's root: `path` is looked up below `root` as the
 * container sees it at this moment. Reporting.
 */
must_check int bind_open_below(const struct plan *plan, size_t i, int root, const char *path,
			       int idmap, int *ret);

#endif
