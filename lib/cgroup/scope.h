/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cgroups that systemd manages: a transient scope, which systemd makes with its cgroup, its
 * limits as properties; then lib/cgroup works on it as on any other. Spoken by tamis-systemd
 * (cgroup/systemd.h), which is run for each of these. All reporting unless said otherwise.
 */
#ifndef CGROUP_SCOPE_H
#define CGROUP_SCOPE_H

#include "base/base.h"
#include "base/io.h"
#include "cgroup/cgroup.h"

/* Whether this build has the driver, its program is installed and systemd runs here. For
 * doctor: *ret_program is the program's path, or NULL. */
must_check int scope_check(const char **ret_program);
/*
 * Makes the scope that cgroup->scope names, with the plan's properties. The paths in cgroup
 * are then those of systemd's cgroup; *ret is in it and must be told to leave. A unit of that
 * name that is active is refused; one that failed or is ending is waited for.
 */
must_check int scope_start(const struct plan_cgroup *plan, struct cgroup *cgroup,
			   struct scope_keeper *ret);
/* Lets the keeper go when the container's process is inside, and waits for its end. None is
 * done. */
must_check int scope_leave(const struct cgroup *cgroup, struct scope_keeper *keeper);
/* Ends the keeper if there still is one. Never fails. */
void scope_abandon(struct scope_keeper *keeper);
/* Sets the plan's values as properties until the unit is gone. */
must_check int scope_update(const struct plan_cgroup *plan, const struct cgroup *cgroup);
/* Stops the unit and waits until systemd has done so. Absent, or another's, is done; so is a
 * systemd that cannot be reached: it takes an empty scope away by itself. */
must_check int scope_stop(const struct cgroup *cgroup);

/* The text of a request (cgroup/systemd.h): verb "start", "update" or "stop". Arena. */
struct text scope_request(const char *verb, const struct plan_cgroup *plan,
			  const struct cgroup *cgroup);

#endif
