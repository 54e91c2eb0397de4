/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a container, as its cgroups have them. */
#ifndef OBSERVE_PS_H
#define OBSERVE_PS_H

#include "base/base.h"
#include "base/io.h"

#include <sys/types.h>

struct container;

/* Their pids in our pid namespace, ascending; arena. None if it has stopped. Reporting: also
 * where the container has no cgroup, which is all that knows them. */
must_check int container_ps_pids(struct container *c, pid_t **ret, size_t *ret_n);
/* What ps(1) prints with these arguments (NULL-terminated; none: "-ef"), its header and the
 * rows of our processes; the header must have a column PID. Reporting. */
must_check int container_ps(struct container *c, char *const *args, struct text *ret);

#endif
