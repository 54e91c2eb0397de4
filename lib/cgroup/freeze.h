/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes the processes of a container. */
#ifndef CGROUP_FREEZE_H
#define CGROUP_FREEZE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* Whether processes inside may be frozen by the v1 freezer, which defers SIGKILL. */
bool cgroup_freeze_has_v1(const struct cgroup *cgroup);
/*
 * Freezes or thaws the cgroup and waits for it, at most timeout_ms. A freeze that is not complete
 * by then is undone. Uses the v1 freezer where it is mounted, else v2. Reporting.
 */
must_check int cgroup_freeze(const struct cgroup *cgroup, bool frozen, int timeout_ms);
/*
 * Returns 1 if the cgroup is frozen or being frozen, 0 if not or if it does not exist, or -errno.
 * Silent.
 */
must_check int cgroup_freeze_is_frozen(const struct cgroup *cgroup);

#endif
