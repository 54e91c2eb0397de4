/* SPDX-License-Identifier: Apache-2.0 */
/* Room below pids.max for processes of our own. */
#ifndef CGROUP_ROOM_H
#define CGROUP_ROOM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* Whether pids.max lets n processes more in whether or not somebody has raised it at the moment, or
 * cannot be known; false: only who holds the container's lock can tell. Silent. */
bool cgroup_room_is_for(const struct cgroup *cgroup, unsigned int n);
/* How pids.max has to be raised so that n processes more can be born inside, where that exceeds the
 * limit by a few at most; else not at all. Silent. */
struct cgroup_room cgroup_room_wanted(const struct cgroup *cgroup, unsigned int n);
/*
 * Raises it; whoever does that holds the container's lock until cgroup_room_close() has set it
 * again. Opening never fails: where there is no room, the kernel says so. Closing is reporting;
 * where pids.max says something else by now, or is gone, nothing is done.
 */
void cgroup_room_open(const struct cgroup *cgroup, const struct cgroup_room *room);
must_check int cgroup_room_close(const struct cgroup *cgroup, const struct cgroup_room *room);

#endif
