/* SPDX-License-Identifier: Apache-2.0 */
/* systemd's units over D-Bus (org.freedesktop.systemd1(5)). All reporting. */
#ifndef SYSTEMD_UNIT_H
#define SYSTEMD_UNIT_H

#include "base/base.h"
#include "cmd/systemd/request.h"

/* A connection and its state. */
struct unit;

/* Connects, and subscribes to the end of jobs. Returns -ENOTCONN if systemd cannot be reached. */
must_check int unit_connect(const struct request *request, struct unit **ret);
/*
 * unit_start() makes the scope with this process in it; *ret is its cgroup, in the arena.
 * unit_update() sets its properties.
 */
must_check int unit_start(struct unit *unit, const char **ret);
must_check int unit_update(struct unit *unit);
/* Stops the unit. It is no error if there is none, or one with another description. */
must_check int unit_stop(struct unit *unit);

#endif
