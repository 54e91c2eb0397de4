/* SPDX-License-Identifier: Apache-2.0 */
/* procfs of a PID namespace that is joined. */
#ifndef PROCESS_PROCNS_H
#define PROCESS_PROCNS_H

#include "base/base.h"
#include "channel/box.h"

/*
 * Opens the context (fsopen(2), nothing made yet) of each procfs that plan_ns_is_shown() names into
 * h->sources, from within the PID
 * namespace: a procfs shows the one of the process that opened its context. The descriptors of
 * the cgroup must be there already. Reporting.
 */
must_check int procns_open(const struct plan *plan, struct handles *h);

#endif
