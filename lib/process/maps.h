/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the id maps of the container's user namespace, itself or by newuidmap(1). */
#ifndef PROCESS_MAPS_H
#define PROCESS_MAPS_H

#include "base/base.h"
#include "plan/plan.h"

#include <sys/types.h>

/*
 * Returns the path of "newuidmap" or "newgidmap", in the arena. If there is none that can be
 * trusted, returns NULL and stores the reason in *ret_why.
 */
const char *maps_program(const char *name, const char **ret_why);
/*
 * Checks that the programs which the plan's maps need exist and can be trusted. Called before a
 * process is made. Reporting.
 */
must_check int maps_check(const struct plan *plan);
/*
 * Writes the maps of the child pid, which waits for them. proc is our own procfs (procfs.h). Denies
 * setgroups(2) first where the kernel requires that. Does nothing without a new user namespace.
 * Reporting.
 */
must_check int maps_write(const struct plan *plan, int proc, pid_t pid);

#endif
