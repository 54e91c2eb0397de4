/* SPDX-License-Identifier: Apache-2.0 */
/* The socket of NOTIFY_SOCKET in the container (sd_notify(3)). */
#ifndef FS_NOTIFYSOCK_H
#define FS_NOTIFYSOCK_H

#include "base/base.h"

struct box;
struct plan_mount;

/* Binds handles.sdnotify in the detached tmpfs `tree`; leaves box.root as working directory.
 * Reporting. */
must_check int notifysock_bind(const struct box *box, const struct plan_mount *m, int tree);

#endif
