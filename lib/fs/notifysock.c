/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the place of the program's NOTIFY_SOCKET: a tmpfs of the container. The program may remount
 * it, fill it or replace the socket by a link. What must hold: nothing of the host is in that
 * tmpfs, and the runtime never looks there, because it has the socket itself.
 */
#include "fs/notifysock.h"

#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int notifysock_bind(const struct box *box, const struct plan_mount *m, int tree)
{
	static const struct sockaddr_un address = { .sun_family = AF_UNIX,
						    .sun_path = "notify.sock" };

	/*
	 * Uses a name relative to the mount, which is not attached yet and therefore has no path.
	 */
	if (fchdir(tree) < 0)
		return fail(errno, "%s: enter the tmpfs of the notify socket", mount_name(m));
	mode_t mask = umask(0); /* the program may run as any user */
	int r = bind(box->h->sdnotify, (const struct sockaddr *)&address, sizeof(address)) < 0
			? -errno
			: 0;

	umask(mask);
	if (r < 0)
		return fail(-r, "%s: bind the notify socket", mount_name(m));
	return fchdir(box->root) < 0 ? fail(errno, "enter the container's root") : 0;
}
