/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files of a cgroup. */
#ifndef CGROUP_READ_H
#define CGROUP_READ_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Reads a file of the leaf in the v1 hierarchy with this controller, else of the v2 leaf, without
 * the newline at its end, into the arena. Returns -ENOENT if there is no such leaf or the file's
 * name is NULL. Silent.
 */
must_check int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *v1_file,
			   const char *v2_file, struct text *ret);

#endif
