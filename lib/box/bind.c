/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns clones of mounted trees and the attributes of mounts. What must hold: a clone has its
 * final attributes, propagation and id map before it is attached anywhere, so there is no
 * moment at which a read-only bind can be written or a mount event reaches the host.
 */
#include "box/mount.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

/* statfs(2)'s ST_RDONLY, ST_NOSUID, ST_NODEV, ST_NOEXEC are these very bits. */
#define LOCKABLE (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

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
		a.attr_clr |= MOUNT_ATTR__ATIME; /* one field, cleared as a whole */
	if (!a.attr_set && !a.attr_clr && !a.propagation)
		return 0;
	if (sys_mount_setattr(mount, "", AT_EMPTY_PATH | flags, &a) == 0)
		return 0;
	if (errno != EPERM || !(a.attr_clr & LOCKABLE))
		return -errno;
	if (fstatfs(mount, &st) < 0)
		return -errno;
	a.attr_clr &= ~((uint64_t)st.f_flags & LOCKABLE);
	return sys_mount_setattr(mount, "", AT_EMPTY_PATH | flags, &a) < 0 ? -errno : 0;
}

/* What a clone gets that asks for nothing: the host's later mounts may come in, ours never
 * go out; nothing at all where the root is to be private. */
static uint64_t default_propagation(const struct plan *plan)
{
	uint64_t root = plan->root.propagation;

	return root == MS_PRIVATE || root == MS_UNBINDABLE ? MS_PRIVATE : MS_SLAVE;
}

/* Attributes of the whole tree, then those of its top. */
static int apply(const struct plan *plan, const struct plan_mount *m, int mount)
{
	struct mount_attr top = { .attr_set = m->attr_set, .attr_clr = m->attr_clear },
			  all = { .attr_set = m->rec_set, .attr_clr = m->rec_clear };
	int r;

	if (m->propagation_recursive)
		all.propagation = m->propagation;
	else
		top.propagation = m->propagation;
	/* A shared clone stays the host's peer with what is below: that is what was asked. */
	if (!all.propagation && top.propagation != MS_SHARED)
		all.propagation = default_propagation(plan);
	r = mount_set(mount, AT_RECURSIVE, &all);
	if (r == 0)
		r = mount_set(mount, 0, &top);
	return r < 0 ? fail(-r, "%s: cannot set the mount's attributes", mount_name(m)) : 0;
}

static int clone_error(const struct plan_mount *m, const char *source, int code)
{
	if (code == ENOENT) /* Docker and Podman read this phrase in a source's error */
		return fail(0, "%s: bind source %s: " WORDS_NO_FILE, mount_name(m), source);
	if (code == EINVAL)
		return fail(code,
			    "%s: bind source %s is unbindable, or has locked mounts below it "
			    "and is not bound recursively",
			    mount_name(m), source);
	return fail(code, "%s: bind source %s", mount_name(m), source);
}

static int apply_idmap(const struct plan_mount *m, int userns, int mount)
{
	struct mount_attr a = { .attr_set = MOUNT_ATTR_IDMAP };
	unsigned int flags = AT_EMPTY_PATH | (m->idmap == PLAN_IDMAP_RECURSIVE ? AT_RECURSIVE : 0);

	if (m->idmap == PLAN_IDMAP_NONE)
		return 0;
	if (userns < 0)
		return fail(EPERM, "%s: id-mapped mounts need privilege on the host",
			    mount_name(m));
	a.userns_fd = (uint64_t)userns;
	if (sys_mount_setattr(mount, "", flags, &a) < 0)
		return fail(errno, "%s: cannot map the ids of this file system", mount_name(m));
	return 0;
}

int bind_open(const struct plan *plan, size_t i, int idmap, bool in_parent, int *ret)
{
	const struct plan_mount *m = &plan->mounts[i];

	*ret = -1;
	autofd fd = sys_open_tree(AT_FDCWD, m->source,
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
					  (m->recursive ? AT_RECURSIVE : 0));
	if (fd < 0) {
		if (errno == ENOENT && m->optional)
			return 0;
		if (errno == EPERM && in_parent)
			return BIND_LEFT_TO_INIT;
		return clone_error(m, m->source, errno);
	}
	int r = apply_idmap(m, idmap, fd);

	if (r == 0)
		r = apply(plan, m, fd);
	if (r < 0)
		return r;
	*ret = take_fd(&fd);
	return 0;
}
