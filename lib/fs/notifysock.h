/* SPDX-License-Identifier: Apache-2.0 */
/* The socket in the container that NOTIFY_SOCKET names (sd_notify(3)). */
#ifndef FS_NOTIFYSOCK_H
#define FS_NOTIFYSOCK_H

#include "base/base.h"

struct box;
struct plan_mount;

/*
 * Binds the socket handles.sdnotify in the detached tmpfs `tree`. Afterwards the working directory
 * is box.root. Reporting.
 */
must_check int notifysock_bind(const struct box *box, const struct plan_mount *m, int tree);

#endif
