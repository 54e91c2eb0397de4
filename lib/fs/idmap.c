/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the user namespaces that id-mapped mounts take their maps from (mount_setattr(2)). Each is
 * made by a child that only waits. The parent writes the id maps, opens the namespace and kills the
 * child; the descriptor keeps the namespace alive. What must hold: the descriptor refers to a user
 * namespace (NS_GET_NSTYPE), whatever the path says.
 */
#include "fs/idmap.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *map_text(const struct plan_id_maps *maps)
{
	const char *text = "";

	for (size_t i = 0; i < maps->n; i++)
		text = arena_printf("%s%u %u %u\n", text, maps->v[i].container, maps->v[i].host,
				    maps->v[i].size);
	return text;
}

/* Makes a child in a new user namespace, which waits until it is killed. */
static int park(int *ret_pidfd, pid_t *ret_pid)
{
	struct clone_args args = { .flags = CLONE_NEWUSER | CLONE_PIDFD,
				   .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
				   .exit_signal = SIGCHLD };
	pid_t parent = getpid();

	*ret_pid = sys_clone3(&args);
	if (*ret_pid < 0)
		return -errno;
	if (*ret_pid == 0) {
		/*
		 * The parent kills the child. The death signal covers the case that the parent ends
		 * first; getppid(2) covers the case that it ended before prctl(2).
		 */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
			pause();
		_exit(0);
	}
	return 0;
}

static int open_namespace(int proc, pid_t pid, const struct plan_id_maps *uids,
			  const struct plan_id_maps *gids)
{
	int r = procfs_write(proc, arena_printf("%d/uid_map", pid), map_text(uids));

	if (r == 0)
		r = procfs_write(proc, arena_printf("%d/gid_map", pid), map_text(gids));
	if (r < 0)
		return r;
	/* Follows a magic link of procfs. The type of the result is checked below. */
	autofd fd = openat(proc, arena_printf("%d/ns/user", pid), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWUSER)
		return -EBADF;
	return take_fd(&fd);
}

static int joined_namespace(const struct plan *plan, const struct handles *h)
{
	for (size_t i = 0; i < plan->ns.n_joins; i++)
		if (plan->ns.joins[i].flag == CLONE_NEWUSER)
			return fcntl(h->joins[i], F_DUPFD_CLOEXEC, 3);
	return -1;
}

int idmap_open(const struct plan *plan, const struct plan_mount *m, const struct handles *h)
{
	const struct plan_id_maps *uids = m->uid_maps.n ? &m->uid_maps : &plan->ns.uid_maps;
	const struct plan_id_maps *gids = m->gid_maps.n ? &m->gid_maps : &plan->ns.gid_maps;
	autofd pidfd = -1;
	pid_t pid;

	if (!m->uid_maps.n && (plan->ns.joined & CLONE_NEWUSER)) {
		int fd = joined_namespace(plan, h);

		return fd < 0 ? fail(errno, "%s: joined user namespace", mount_name(m)) : fd;
	}
	if (!uids->n || !gids->n)
		return fail(0, "%s: an id-mapped mount needs uidMappings and gidMappings",
			    mount_name(m));
	int r = park(&pidfd, &pid);

	if (r < 0)
		return fail(-r, "%s: cannot make a user namespace", mount_name(m));
	int fd = open_namespace(h->proc, pid, uids, gids);

	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd < 0 ? fail(-fd, "%s: cannot write its id maps", mount_name(m)) : fd;
}
