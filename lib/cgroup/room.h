/* SPDX-License-Identifier: Apache-2.0 */
/* Raises pids.max for a short time for processes of our own. */
#ifndef CGROUP_ROOM_H
#define CGROUP_ROOM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Whether pids.max permits n more processes, even if another command has raised it at the moment,
 * or is unknown. If false, only the holder of the container's lock can decide. Silent.
 */
bool cgroup_room_is_for(const struct cgroup *cgroup, unsigned int n);
/*
 * Returns to which value pids.max has to be raised so that n more processes can be created inside.
 * Returns {0} if no raise is needed, or if it would exceed the limit by more than a few. Silent.
 */
struct cgroup_room cgroup_room_wanted(const struct cgroup *cgroup, unsigned int n);
/*
 * cgroup_room_open() raises pids.max. The caller holds the container's lock until
 * cgroup_room_close() has restored the limit. Opening never fails: without room the clone fails.
 * Closing does nothing if pids.max has another value by then, or the cgroup is gone.
 * cgroup_room_close() is reporting.
 */
void cgroup_room_open(const struct cgroup *cgroup, const struct cgroup_room *room);
must_check int cgroup_room_close(const struct cgroup *cgroup, const struct cgroup_room *room);

#endif
