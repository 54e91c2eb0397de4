/* SPDX-License-Identifier: Apache-2.0 */
/* Clones of host trees, for mounts of type bind. */
#ifndef FS_BIND_H
#define FS_BIND_H

#include "base/base.h"

struct plan;

enum { BIND_LEFT_TO_INIT = 1 };
/*
 * The detached clone of mounts[i]'s source with everything applied that the plan asks of it.
 * *ret is -1 if an optional source is missing. BIND_LEFT_TO_INIT: `in_parent` is set and this
 * process may not clone; init then calls this in its own mount namespace. Reporting.
 */
must_check int bind_open(const struct plan *plan, size_t i, int idmap, bool in_parent, int *ret);
/* The same of a place in the container: what is there by now, found below the root. */
must_check int bind_open_below(const struct plan *plan, size_t i, int root, const char *path,
			       int idmap, int *ret);

#endif
