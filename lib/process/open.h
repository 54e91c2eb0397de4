/* SPDX-License-Identifier: Apache-2.0 */
/* Opens everything of the host that a container is made from. */
#ifndef PROCESS_OPEN_H
#define PROCESS_OPEN_H

#include "base/base.h"

struct handles;
struct plan;

/*
 * Opens proc, bundle, root, joins, bind sources and the sync pair; checks each (type of
 * namespace, directory, ...). Not the cgroup's and start's, which the runtime sets. Reporting.
 */
must_check int open_handles(const struct plan *plan, struct handles *h);
/* Opens cgroup_leaves, for cgroup mounts, once the container's cgroups are there. Reporting. */
must_check int open_cgroup(const struct plan *plan, struct handles *h);

#endif
