/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the root file system. Its clone, attached on itself, is the directory below which every path
 * of the container is resolved.
 *
 * What must hold: no mount made for the container propagates to the host. After pivot_root(2) "/"
 * is the clone and no descriptor leads to a directory of the host (CVE-2024-21626). The read-only
 * flag is set on the mount that we hold, not on a path (CVE-2026-115521).
 */
#include "fs/rootfs.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "fs/bind.h"
#include "fs/cgroupmnt.h"
#include "fs/mount.h"
#include "fs/pivot.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int rootfs_detach_propagation(void *ctx)
{
	const struct box *box = ctx;
	uint64_t asked = box->plan->root.propagation;
	struct mount_attr attr = { .propagation = MS_SLAVE };

	if (asked == MS_PRIVATE || asked == MS_UNBINDABLE)
		attr.propagation = MS_PRIVATE;
	if (sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr) < 0)
		return fail(errno, "set the propagation of the new mount namespace");
	return 0;
}

/*
 * Opens the parent's root directory again, in this mount namespace: move_mount(2) cannot attach to
 * a mount of another mount namespace.
 */
static int open_own(const struct box *box)
{
	struct stat ours, parents;
	autofd fd = box->h->at_root ? sys_open_tree(AT_FDCWD, "", AT_EMPTY_PATH | OPEN_TREE_CLOEXEC)
				    : open(box->plan->root.path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &ours) < 0 || fstat(box->h->root, &parents) < 0)
		return fail(errno, "root.path %s", box->plan->root.path);
	if (ours.st_dev != parents.st_dev || ours.st_ino != parents.st_ino)
		return fail(0, "root.path %s: the directory was replaced in the meantime",
			    box->plan->root.path);
	return take_fd(&fd);
}

/* Makes the clones that the parent had no privilege for. */
static int clone_sources(struct box *box)
{
	for (size_t i = 0; i < box->plan->n_mounts; i++) {
		const struct plan_mount *m = &box->plan->mounts[i];
		const struct bind_source *from = &box->h->origins[i];
		int r = 0;

		if (m->kind == PLAN_MOUNT_BIND && box->h->sources[i] < 0 && !from->below &&
		    !from->link)
			r = bind_open(box->plan, i, box->h->idmaps[i], false, &box->h->sources[i]);
		if (r < 0)
			return r;
		if (m->kind != PLAN_MOUNT_CGROUP)
			continue;
		for (size_t k = 0; r == 0 && k < PLAN_HIERARCHIES; k++)
			if (cgroupmnt_wants_leaf(box->plan, k) && box->h->cgroup_leaves[k] < 0)
				r = cgroupmnt_leaf(box->plan, m, k, false,
						   &box->h->cgroup_leaves[k]);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * Clones the host's null device, now, while "/dev/null" cannot refer to the image's
 * (CVE-2025-31133).
 */
static int clone_null(struct box *box)
{
	struct stat st;
	autofd fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "open /dev/null of the host");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return fail(0, "/dev/null of the host: found another file, expected the null "
			       "device (1:3)");
	box->null = mount_clone_node(fd);
	return box->null < 0 ? fail(-box->null, "/dev/null of the host: clone") : 0;
}

/*
 * Separates the clone from the host's mounts. Later mounts of the host appear in the container only
 * with "slave". With "shared" the container's mounts have peers among themselves, not on the host.
 */
static int cut_off(const struct plan_root *root, int tree)
{
	const struct mount_attr attr = { .propagation = MS_PRIVATE };

	if (root->propagation && root->propagation != MS_SHARED)
		return 0;
	return mount_set(tree, root->propagation ? 0 : AT_RECURSIVE, &attr);
}

static int remember_root(struct box *box)
{
	struct statx st;

	if (statx(box->root, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) < 0)
		return fail(errno, "statx of the root");
	box->root_mount = st.stx_mnt_id;
	box->root_inode = st.stx_ino;
	return 0;
}

int rootfs_clone(void *ctx)
{
	struct box *box = ctx;
	autofd own = open_own(box);

	if (own < 0)
		return own;
	umask(022);
	autofd tree = mount_clone(own, true);
	int r = tree < 0 ? tree : cut_off(&box->plan->root, tree);

	if (r == 0)
		r = mount_attach(tree, own);
	if (r < 0)
		return fail(-r, "root.path %s: cannot mount it on itself", box->plan->root.path);
	box->root = take_fd(&tree);
	r = remember_root(box);
	if (r == 0)
		r = clone_sources(box);
	if (r == 0 && box->plan->n_masked)
		r = clone_null(box);
	return r;
}

static int check_slash(const struct box *box)
{
	struct statx slash;

	if (statx(AT_FDCWD, "/", 0, STATX_MNT_ID | STATX_INO, &slash) < 0)
		return fail(errno, "statx of the new root");
	return box_is_root(box, &slash) ? 0
					: fail(0, "/: found another directory after pivot_root, "
						  "expected the container's root");
}

int rootfs_pivot(void *ctx)
{
	struct box *box = ctx;

	if (fchdir(box->root) < 0)
		return fail(errno, "cannot enter the root file system");
	int r = pivot_to_cwd();

	if (r < 0)
		return fail(-r, "pivot_root");
	if (chdir("/") < 0)
		return fail(errno, "cannot enter the new root");
	return check_slash(box);
}

int rootfs_finish(void *ctx)
{
	struct box *box = ctx;
	const struct plan_root *root = &box->plan->root;
	struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	struct mount_attr propagation = { .propagation = root->propagation };
	int r = 0;

	for (size_t i = 0; r == 0 && i < box->n_late; i++) {
		r = mount_set(box->late[i], 0, &readonly);
		fd_close(&box->late[i]);
	}
	box->n_late = 0;
	fd_close(&box->proc);
	fd_close(&box->sys);
	if (r < 0)
		return fail(-r, "mounts: cannot make a tmpfs read-only");
	r = mount_set(box->root, root->propagation_recursive ? AT_RECURSIVE : 0, &propagation);
	if (r < 0)
		return fail(-r, "linux.rootfsPropagation");
	r = box->root_readonly ? mount_set(box->root, 0, &readonly) : 0;
	return r < 0 ? fail(-r, "root.readonly") : 0;
}
