/* SPDX-License-Identifier: Apache-2.0 */
/* procfs of a PID namespace that is joined. */
#ifndef BOX_PROCNS_H
#define BOX_PROCNS_H

#include "base/base.h"
#include "box/box.h"

/* Whether mounts[i] is a procfs that shows it, whose context is opened here. */
bool procns_is_wanted(const struct plan *plan, size_t i);
/*
 * Opens these contexts (fsopen(2), nothing made yet) into h->sources, from within the PID
 * namespace: a procfs shows the one of the process that opened its context. The descriptors of
 * the cgroup must be there already. Reporting.
 */
must_check int procns_open(const struct plan *plan, struct handles *h);

#endif
