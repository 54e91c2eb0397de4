/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raises a container's limit of processes for a short time (cgroup/room.h) and notes that in its
 * record. The caller holds the container's lock.
 */
#ifndef RUNTIME_ROOM_H
#define RUNTIME_ROOM_H

#include "base/base.h"
#include "runtime/container.h"

/* Makes room for n processes if there is too little. Reporting. */
must_check int room_open(struct container *c, unsigned int n);
/*
 * Restores the limit that room_open() raised, in this command or in one that was killed. Returns 0
 * if nothing was raised. Reporting.
 */
must_check int room_close(struct container *c);

#endif
