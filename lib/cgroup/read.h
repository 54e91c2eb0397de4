/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files of a cgroup. */
#ifndef CGROUP_READ_H
#define CGROUP_READ_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* The content of a file of the leaf that has this v1 controller, else of the v2 leaf, without
 * the newline at its end; arena. -ENOENT if there is none, or its name is NULL. Silent. */
must_check int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *v1_file,
			   const char *v2_file, struct text *ret);

#endif
