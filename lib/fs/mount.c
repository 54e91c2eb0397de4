/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single operations on mounts, each by file descriptor: attach, clone, set attributes, set
 * propagation. In a user namespace flags that the host locked stay set, which is only stricter.
 */
#include "fs/mount.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sys/statfs.h>

const char *mount_name(const struct plan_mount *m)
{
	return arena_printf("%s %s", m->place, m->destination);
}

int mount_attach(int mount, int target)
{
	if (sys_move_mount(mount, "", target, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

int mount_clone(int fd, bool recursive)
{
	unsigned int flags = AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
			     (recursive ? AT_RECURSIVE : 0);
	int r = sys_open_tree(fd, "", flags);

	return r < 0 ? -errno : r;
}

int mount_clone_node(int fd)
{
	const struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
						     MOUNT_ATTR_NOEXEC,
					 .propagation = MS_PRIVATE };
	autofd tree = mount_clone(fd, false);
	int r = tree < 0 ? tree : mount_set(tree, 0, &attr);

	return r < 0 ? r : take_fd(&tree);
}

int mount_is_procfs(int fd)
{
	struct statfs st;

	if (fstatfs(fd, &st) < 0)
		return -errno;
	return st.f_type == PROC_SUPER_MAGIC;
}

int mount_set(int mount, unsigned int flags, const struct mount_attr *attr)
{
	struct mount_attr a = *attr;
	struct statfs st;

	if ((a.attr_set | a.attr_clr) & MOUNT_ATTR__ATIME)
		/*
		 * the atime modes are one field, which must be cleared as a whole
		 * (mount_setattr(2))
		 */
		a.attr_clr |= MOUNT_ATTR__ATIME;
	if (!a.attr_set && !a.attr_clr && !a.propagation)
		return 0;
	if (sys_mount_setattr(mount, "", AT_EMPTY_PATH | flags, &a) == 0)
		return 0;
	if (errno != EPERM || !(a.attr_clr & MOUNT_LOCKABLE))
		return -errno;
	if (fstatfs(mount, &st) < 0)
		return -errno;
	a.attr_clr &= ~((uint64_t)st.f_flags & MOUNT_LOCKABLE);
	return sys_mount_setattr(mount, "", AT_EMPTY_PATH | flags, &a) < 0 ? -errno : 0;
}

int mount_propagate(const struct plan_mount *m, int mount)
{
	for (size_t i = 0; i < m->n_propagations; i++) {
		const struct plan_propagation *p = &m->propagations[i];
		int r = mount_set(mount, p->recursive ? AT_RECURSIVE : 0,
				  &(struct mount_attr){ .propagation = p->type });

		if (r < 0)
			return fail(-r, "%s: cannot set the mount's propagation", mount_name(m));
	}
	return 0;
}

int mount_read_only_late(struct box *box, const struct plan_mount *m, int tree)
{
	int fd = fcntl(tree, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return fail(errno, "%s: dup", mount_name(m));
	box->late[box->n_late++] = fd;
	return 0;
}
