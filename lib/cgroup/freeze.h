/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes the processes of a container. */
#ifndef CGROUP_FREEZE_H
#define CGROUP_FREEZE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* Whether those inside may be frozen by the freezer of v1, which keeps SIGKILL from them. */
bool cgroup_freeze_has_v1(const struct cgroup *cgroup);
/* Freezes or thaws and waits for it, at most timeout_ms; a freeze that does not come about is
 * taken back. By the v1 freezer where it is mounted, else by v2. Reporting. */
must_check int cgroup_freeze(const struct cgroup *cgroup, bool frozen, int timeout_ms);
/* 1 if frozen (or about to be), 0 if not or there is no such cgroup, -errno. Silent. */
must_check int cgroup_freeze_is_frozen(const struct cgroup *cgroup);

#endif
