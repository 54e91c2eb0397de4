/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the container's terminal. What must hold: the pty is opened in the devpts mount that we
 * hold. The slave comes from the kernel (TIOCGPTPEER) and not from a name in /dev/pts. /dev/console
 * is made and covered below the root (CVE-2025-52565, CVE-2026-88264).
 */
#include "fs/console.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/path.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/sync.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * The devpts instance: the one that was mounted for the container, else one that is bound to
 * /dev/pts.
 */
static int open_devpts(const struct box *box)
{
	struct statfs st;
	autofd fd = box->devpts >= 0
			    ? fcntl(box->devpts, F_DUPFD_CLOEXEC, 3)
			    : path_open_nolinks(box->root, "/dev/pts", O_PATH | O_DIRECTORY);

	if (fd < 0)
		return fail(box->devpts >= 0 ? errno : -fd, "process.terminal: /dev/pts");
	if (fstatfs(fd, &st) < 0)
		return fail(errno, "process.terminal: /dev/pts");
	if (st.f_type != DEVPTS_SUPER_MAGIC)
		return fail(0, "process.terminal: /dev/pts: found another file system, expected a "
			       "devpts: add a mount of that type");
	return take_fd(&fd);
}

static int open_master(const struct box *box)
{
	struct stat st;
	autofd devpts = open_devpts(box);

	if (devpts < 0)
		return devpts;
	autofd master = openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);

	if (master < 0 || fstat(master, &st) < 0)
		return fail(errno, "process.terminal: cannot open a pty");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
		return fail(0,
			    "process.terminal: /dev/pts/ptmx: found another device, expected 5:2");
	return take_fd(&master);
}

static int open_peer(const struct plan_process *p, int master)
{
	const struct winsize size = { .ws_row = p->rows, .ws_col = p->columns };
	int unlock = 0;

	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return fail(errno, "process.terminal: TIOCSPTLCK");
	if ((p->rows || p->columns) && ioctl(master, TIOCSWINSZ, &size) < 0)
		return fail(errno, "process.consoleSize: TIOCSWINSZ");
	autofd peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (peer < 0)
		return fail(errno, "process.terminal: TIOCGPTPEER");
	if (fchown(peer, p->uid, (gid_t)-1) < 0)
		return fail(errno, "process.terminal: change the owner of the pty");
	return take_fd(&peer);
}

static int cover_console(const struct box *box, int peer)
{
	autofd target = path_make_file(box->root, "/dev/console");
	autofd tree = target < 0 ? target : mount_clone(peer, false);
	int r = tree < 0 ? tree : mount_attach(tree, target);

	return r < 0 ? fail(-r, "process.terminal: /dev/console") : 0;
}

static int become_stdio(int peer)
{
	for (int fd = 0; fd < 3; fd++)
		if (dup2(peer, fd) < 0)
			return fail(errno, "process.terminal: dup2");
	return 0;
}

static int make(struct box *box, bool cover)
{
	if (!box->plan->process.terminal)
		return 0;
	autofd master = open_master(box);

	if (master < 0)
		return master;
	autofd peer = open_peer(&box->plan->process, master);

	if (peer < 0)
		return peer;
	int r = cover ? cover_console(box, peer) : 0;

	if (r < 0)
		return r;
	r = msg_send(box->h->sync[1], SYNC_TERMINAL, 0, NULL, &master, 1);
	if (r < 0)
		return fail(-r, "process.terminal: send the pty to the parent");
	fd_close(&box->devpts);
	return become_stdio(peer);
}

/* Makes standard input the controlling terminal of the session. */
static int control(const struct box *box)
{
	if (!box->plan->process.terminal)
		return 0;
	return ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0 ? fail(errno, "process.terminal: TIOCSCTTY")
						     : 0;
}

int console_make(void *ctx)
{
	struct box *box = ctx;
	int r = make(box, true);

	/* with a joined PID namespace the clone makes the session (final.c) */
	return r < 0 || plan_ns_joins_pid(box->plan) ? r : control(box);
}

int console_join(void *ctx)
{
	return make(ctx, false);
}
