/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts of type "cgroup": the container's own cgroups. */
#ifndef FS_CGROUPMNT_H
#define FS_CGROUPMNT_H

#include "base/base.h"

struct box;
struct plan;
struct plan_mount;

/* Whether the cgroup mount needs a clone of a part of hierarchy i of the host. */
bool cgroupmnt_wants_leaf(const struct plan *plan, size_t i);
/*
 * Makes that clone, detached: the container's leaf, or the whole hierarchy where the container sees
 * it. Returns BIND_LEFT_TO_INIT as bind_open() does. Reporting.
 */
must_check int cgroupmnt_leaf(const struct plan *plan, const struct plan_mount *m, size_t i,
			      bool in_parent, int *ret);
/* Mounts the container's cgroups on target. Reporting. */
must_check int cgroupmnt_make(struct box *box, const struct plan_mount *m, int target);

#endif
