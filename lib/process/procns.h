/* SPDX-License-Identifier: Apache-2.0 */
/* Opens procfs for a PID namespace that is joined. */
#ifndef PROCESS_PROCNS_H
#define PROCESS_PROCNS_H

#include "base/base.h"
#include "channel/box.h"

/*
 * Opens, into h->sources, a file system context (fsopen(2), nothing mounted yet) for each procfs
 * for which plan_ns_is_shown() is true. A procfs shows the PID namespace of the process that called
 * fsopen(2), so this is done by a process inside the namespace. The descriptors of the cgroup must
 * be open already. Reporting.
 */
must_check int procns_open(const struct plan *plan, struct handles *h);

#endif
