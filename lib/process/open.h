/* SPDX-License-Identifier: Apache-2.0 */
/* Opens everything of the host that a container is made from. */
#ifndef PROCESS_OPEN_H
#define PROCESS_OPEN_H

#include "base/base.h"

struct handles;
struct plan;

/*
 * Opens proc, bundle, root, the namespaces to join, the bind sources and the socket pair `sync`,
 * and checks each (type of a namespace, directory, ...). The descriptors of cgroups and of the
 * start channel are set by lib/runtime. Reporting.
 */
must_check int open_handles(const struct plan *plan, struct handles *h);
/*
 * Opens cgroup_leaves, which mounts of type cgroup need, after the container's cgroups were made.
 * Reporting.
 */
must_check int open_cgroup(const struct plan *plan, struct handles *h);

#endif
