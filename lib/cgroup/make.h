/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the cgroups of a container. */
#ifndef CGROUP_MAKE_H
#define CGROUP_MAKE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Makes the leaves and their missing parents, sets cpuset defaults (v1), enables controllers (v2),
 * and writes every limit and the device rules, all before any task is inside. `cgroup` is the
 * result of cgroup_planned() or scope_start(), with its owner set.
 *
 * An existing leaf is refused if it has tasks, is frozen, or is being used by another create. It is
 * removed and made again if it has a claim or was used before. Any other is taken over. On success
 * `made` and the inode are set for every leaf. On failure everything that was made is removed.
 * Reporting.
 */
must_check int cgroup_make(const struct plan_cgroup *plan, struct cgroup *cgroup);

#endif
