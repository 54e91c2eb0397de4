/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the place of the program's NOTIFY_SOCKET: a tmpfs of the container's own. What must hold:
 * whatever the program may do to that (remount it, fill it, put a link in the socket's place),
 * nothing of the host is in it, and the runtime never looks there: it has the socket itself.
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

	/* By a name relative to the mount, which is attached nowhere yet. */
	if (fchdir(tree) < 0)
		return fail(errno, "%s: enter the tmpfs of its socket", mount_name(m));
	mode_t mask = umask(0); /* whatever user the program is */
	int r = bind(box->h->sdnotify, (const struct sockaddr *)&address, sizeof(address)) < 0
			? -errno
			: 0;

	umask(mask);
	if (r < 0)
		return fail(-r, "%s: bind its socket", mount_name(m));
	return fchdir(box->root) < 0 ? fail(errno, "the container's root") : 0;
}
