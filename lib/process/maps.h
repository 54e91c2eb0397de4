/* SPDX-License-Identifier: Apache-2.0 */
/* The id maps of the container's user namespace: written by us, or by newuidmap(1). */
#ifndef PROCESS_MAPS_H
#define PROCESS_MAPS_H

#include "base/base.h"
#include "plan/plan.h"

#include <sys/types.h>

/* The path of "newuidmap" or "newgidmap", or NULL, with why there is none to be trusted. Arena. */
const char *maps_program(const char *name, const char **ret_why);
/* Whether the programs that the plan's maps need are there and to be trusted: asked before a
 * process is made. Reporting. */
must_check int maps_check(const struct plan *plan);
/* Writes the maps of the parked child pid, with proc (procfs.h), and denies setgroups(2) to it
 * where the kernel wants that. Nothing to do without a new user namespace. Reporting. */
must_check int maps_write(const struct plan *plan, int proc, pid_t pid);

#endif
