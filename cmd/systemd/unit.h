/* SPDX-License-Identifier: Apache-2.0 */
/* systemd's units over D-Bus (org.freedesktop.systemd1(5)). All reporting. */
#ifndef SYSTEMD_UNIT_H
#define SYSTEMD_UNIT_H

#include "base/base.h"
#include "cmd/systemd/request.h"

/* A connection, and what is waited for on it. */
struct unit;

/* Connects and listens to the end of jobs; -ENOTCONN if there is nobody to connect to. */
must_check int unit_connect(const struct request *request, struct unit **ret);
/* Makes the scope with this process in it; its cgroup in *ret; arena. */
must_check int unit_start(struct unit *unit, const char **ret);
must_check int unit_update(struct unit *unit);
/* Absent, or with another description, is done. */
must_check int unit_stop(struct unit *unit);

#endif
