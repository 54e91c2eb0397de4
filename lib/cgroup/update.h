/* SPDX-License-Identifier: Apache-2.0 */
/* Changes the limits of existing cgroups. */
#ifndef CGROUP_UPDATE_H
#define CGROUP_UPDATE_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Writes the plan's values, and its device rules if set_devices, to leaves that exist and may have
 * tasks (`update`), and to the scope's properties if there is a scope. After an error the values
 * that were written before it are restored. Reporting.
 */
must_check int cgroup_update(const struct plan_cgroup *plan, const struct cgroup *cgroup);

#endif
