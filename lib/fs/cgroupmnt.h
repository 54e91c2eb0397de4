/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts of the container's own cgroups (type "cgroup"). */
#ifndef FS_CGROUPMNT_H
#define FS_CGROUPMNT_H

#include "base/base.h"

struct box;
struct plan;
struct plan_mount;

/* Whether a clone of hierarchy i is to be made for cgroup mounts. */
bool cgroupmnt_wants_leaf(const struct plan *plan, size_t i);
/* That detached clone, of the container's leaf or of all; BIND_LEFT_TO_INIT as in bind.h.
 * Reporting. */
must_check int cgroupmnt_leaf(const struct plan *plan, const struct plan_mount *m, size_t i,
			      bool in_parent, int *ret);
/* Mounts the container's cgroups on target. Reporting. */
must_check int cgroupmnt_make(struct box *box, const struct plan_mount *m, int target);

#endif
