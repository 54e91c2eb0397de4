/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a container. */
#ifndef OBSERVE_PS_H
#define OBSERVE_PS_H

#include "base/base.h"
#include "base/io.h"

#include <sys/types.h>

struct container;

/*
 * Returns the pids in our PID namespace in ascending order, in the arena; none if the container has
 * stopped. A running container without a cgroup is an error, because only a cgroup lists its
 * processes. Reporting.
 */
must_check int container_ps_pids(struct container *c, pid_t **ret, size_t *ret_n);
/*
 * Returns the output of ps(1) with these arguments (NULL-terminated; none: "-ef"): its header and
 * the rows of the container's processes. The header must have a column PID. Reporting.
 */
must_check int container_ps(struct container *c, char *const *args, struct text *ret);

#endif
