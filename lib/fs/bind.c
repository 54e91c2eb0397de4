/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns clones of mounted trees for bind mounts. What must hold: a clone has its final attributes,
 * propagation and id map before it is attached. So there is no moment at which a read-only bind
 * mount can be written to, or at which a mount event reaches the host.
 */
#include "fs/bind.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "base/words.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
 * Whether the clone may stay in the peer group of the host's mount, so that mounts made below it in
 * the container appear on the host. This is so if an option says "shared", unless
 * linux.rootfsPropagation (or its absence, which means private) separates the whole tree from the
 * host.
 */
static bool stays_peer(const struct plan *plan, const struct plan_mount *m)
{
	const struct plan_root *root = &plan->root;
	bool shared = false;

	for (size_t i = 0; i < m->n_propagations; i++)
		shared |= m->propagations[i].type == MS_SHARED;
	return shared && (root->propagation == MS_SHARED ||
			  (root->propagation && !root->propagation_recursive));
}

/*
 * Propagation of a bind mount without an option for it. As a slave it receives later mounts of the
 * host and sends none. With a private root it receives none either.
 */
static uint64_t default_propagation(const struct plan *plan)
{
	uint64_t root = plan->root.propagation;

	return root == MS_PRIVATE || root == MS_UNBINDABLE ? MS_PRIVATE : MS_SLAVE;
}

static bool has_atime(uint64_t value, const struct statfs *st)
{
	if (value & MOUNT_ATTR_NOATIME && (uint64_t)st->f_flags & ST_NOATIME)
		return true;
	return value & MOUNT_ATTR_STRICTATIME &&
	       !((uint64_t)st->f_flags & (ST_NOATIME | ST_RELATIME));
}

/*
 * Sets the attributes of the topmost mount. A flag that the host has locked stays set. If an option
 * asks for the opposite of that flag, this is an error.
 */
static int set_top(const struct plan_mount *m, int mount)
{
	struct mount_attr top = { .attr_set = m->attr_set, .attr_clr = m->attr_clear };
	struct statfs st = { 0 };

	if (m->attr_undo && fstatfs(mount, &st) < 0)
		return fail(errno, "%s: fstatfs of the source", mount_name(m));
	if (has_atime(m->attr_undo, &st))
		top.attr_clr |= MOUNT_ATTR__ATIME;
	int r = mount_set(mount, 0, &top);

	if (r == 0 && m->attr_undo)
		r = fstatfs(mount, &st) < 0 ? -errno : 0;
	if (r < 0)
		return fail(-r, "%s: cannot set the mount's attributes", mount_name(m));
	uint64_t stayed = (uint64_t)st.f_flags & m->attr_undo & MOUNT_LOCKABLE;

	if (!stayed)
		return 0;
	return fail(0,
		    "%s: option \"%s\" cannot be set, because the host has locked its opposite on "
		    "the source",
		    mount_name(m),
		    stayed & MOUNT_ATTR_NOEXEC	 ? "exec"
		    : stayed & MOUNT_ATTR_NOSUID ? "suid"
						 : "dev");
}

/*
 * The order is that of runc: propagation, attributes of the topmost mount, attributes of the tree.
 */
static int apply(const struct plan *plan, const struct plan_mount *m, int mount)
{
	const struct mount_attr cut = { .propagation = default_propagation(plan) },
				all = { .attr_set = m->rec_set, .attr_clr = m->rec_clear };
	int r = stays_peer(plan, m) ? 0 : mount_set(mount, AT_RECURSIVE, &cut);

	if (r < 0)
		return fail(-r, "%s: cannot remove it from the peer group of the host's mount",
			    mount_name(m));
	if ((r = mount_propagate(m, mount)) < 0 || (r = set_top(m, mount)) < 0)
		return r;
	r = mount_set(mount, AT_RECURSIVE, &all);
	return r < 0 ? fail(-r, "%s: cannot set the attributes of the tree", mount_name(m)) : 0;
}

static int clone_error(const struct plan_mount *m, const char *source, int code)
{
	if (code == ENOENT) /* Docker and Podman look for this phrase in an error about a source */
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

/* What the plan asks of the clone fd, before it is attached anywhere. Takes fd. */
static int finish(const struct plan *plan, const struct plan_mount *m, int idmap, int *fd, int *ret)
{
	int r = apply_idmap(m, idmap, *fd);

	if (r == 0)
		r = apply(plan, m, *fd);
	if (r == 0)
		*ret = take_fd(fd);
	return r;
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
	return finish(plan, m, idmap, &fd, ret);
}

int bind_open_below(const struct plan *plan, size_t i, int root, const char *path, int idmap,
		    int *ret)
{
	const struct plan_mount *m = &plan->mounts[i];

	*ret = -1;
	autofd place = path_open(root, path, O_PATH);
	autofd fd = place < 0 ? place : mount_clone(place, m->recursive);

	if (fd == -ENOENT && m->optional)
		return 0;
	return fd < 0 ? clone_error(m, m->source, -fd) : finish(plan, m, idmap, &fd, ret);
}
