/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room beyond a container's limit of processes (cgroup_room_*), noted in its record. Whoever takes
 * room holds the container's lock.
 */
#ifndef RUNTIME_ROOM_H
#define RUNTIME_ROOM_H

#include "base/base.h"
#include "runtime/container.h"

/* Takes room for n processes, if there is too little. Reporting. */
must_check int room_open(struct container *c, unsigned int n);
/* Gives back what room_open() took, or one who was killed; 0 if nothing was. Reporting. */
must_check int room_close(struct container *c);

#endif
