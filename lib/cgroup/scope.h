/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cgroups that systemd manages. systemd makes a transient scope with its cgroup and takes the
 * limits as properties; then lib/cgroup works on the cgroup as on any other. tamis-systemd, which
 * is executed for each of these functions, talks to systemd (cgroup/systemd.h). All reporting
 * unless said otherwise.
 */
#ifndef CGROUP_SCOPE_H
#define CGROUP_SCOPE_H

#include "base/base.h"
#include "base/io.h"
#include "cgroup/cgroup.h"

/*
 * Checks that this build supports systemd, the program is installed and systemd is running. For
 * doctor: *ret_program is the program's path, or NULL.
 */
must_check int scope_check(const char **ret_program);
/*
 * Makes the scope that cgroup->scope names, with the plan's properties. The paths in cgroup are
 * then those of systemd's cgroup. *ret is the process inside it, which scope_leave() ends. An
 * active unit of that name is refused; one that failed or is stopping is waited for.
 */
must_check int scope_start(const struct plan_cgroup *plan, struct cgroup *cgroup,
			   struct scope_keeper *ret);
/*
 * Tells the keeper to leave when the container's process is inside, and waits for its end. Does
 * nothing without a keeper.
 */
must_check int scope_leave(const struct cgroup *cgroup, struct scope_keeper *keeper);
/* Kills the keeper if there still is one. Never fails. */
void scope_abandon(struct scope_keeper *keeper);
/* Sets the plan's values as properties for the lifetime of the unit. */
must_check int scope_update(const struct plan_cgroup *plan, const struct cgroup *cgroup);
/*
 * Stops the unit and waits until systemd has done so. It is not an error if the unit is absent or
 * another's, or if systemd cannot be reached: it removes an empty scope by itself.
 */
must_check int scope_stop(const struct cgroup *cgroup);

/*
 * Returns the text of a request (cgroup/systemd.h). verb is "start", "update" or "stop". In the
 * arena.
 */
struct text scope_request(const char *verb, const struct plan_cgroup *plan,
			  const struct cgroup *cgroup);

#endif
