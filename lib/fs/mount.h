/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations on mounts, all by file descriptor.
 *
 * A mount is made detached (open_tree(2), fsmount(2)), then gets its attributes, propagation and id
 * map, and is attached last (move_mount(2)). No function takes a path as the target of a mount.
 * Example of a read-only bind mount:
 *
 *     const struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
 *     autofd tree = mount_clone(source, true);
 *     r = tree < 0 ? tree : mount_set(tree, AT_RECURSIVE, &attr);
 *     r = r < 0 ? r : mount_attach(tree, target);
 */
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include "base/base.h"

struct box;
struct mount_attr;
struct plan_mount;

/*
 * Flags that a mount inherited from another user namespace may have locked (mount_namespaces(7)).
 * statfs(2) uses the same bits: ST_RDONLY, ST_NOSUID, ST_NODEV, ST_NOEXEC.
 */
#define MOUNT_LOCKABLE \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* Returns for example "mounts[3] /data", the prefix of messages about this mount. In the arena. */
const char *mount_name(const struct plan_mount *m);

/* Attaches the detached mount on the file or directory target. Silent. */
must_check int mount_attach(int mount, int target);
/*
 * mount_setattr(2) on the mount, or on the whole tree with AT_RECURSIVE in flags. If flags that are
 * to be cleared are locked by the host, they stay set, which is only stricter. Silent.
 */
must_check int mount_set(int mount, unsigned int flags, const struct mount_attr *attr);
/* Applies the propagation options of the config in their order. Reporting. */
must_check int mount_propagate(const struct plan_mount *m, int mount);
/* Returns a detached clone of the mount or file that fd refers to. Silent. */
must_check int mount_clone(int fd, bool recursive);
/*
 * Returns a detached clone of a device node of the host, mounted read-only. The device can be used,
 * but chmod(2) or chown(2) in the container cannot change the host's inode. Silent.
 */
must_check int mount_clone_node(int fd);
/* Returns 1 if fd is on a procfs, 0 if not, or -errno. Silent. */
must_check int mount_is_procfs(int fd);

/* Registers the attached mount so that rootfs_finish() makes it read-only. Reporting. */
must_check int mount_read_only_late(struct box *box, const struct plan_mount *m, int tree);

#endif
