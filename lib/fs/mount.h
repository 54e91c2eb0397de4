/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts as objects: made detached, given their attributes, propagation and id map, and only then
 * attached, descriptor onto descriptor. Nothing here takes a path as the target of a mount.
 */
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include "base/base.h"

struct box;
struct mount_attr;
struct plan_mount;

/* Flags that the host can lock; statfs(2)'s ST_RDONLY, ST_NOSUID, ST_NODEV, ST_NOEXEC are these
 * very bits. */
#define MOUNT_LOCKABLE \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* "mounts[3] /data", what messages about it start with. Arena. */
const char *mount_name(const struct plan_mount *m);

/* Attaches the detached mount onto the file or directory target. Silent. */
must_check int mount_attach(int mount, int target);
/* mount_setattr(2) on the mount itself, with AT_RECURSIVE in flags on the whole tree. In a
 * user namespace flags that the host locked stay set: stricter, never weaker. Silent. */
must_check int mount_set(int mount, unsigned int flags, const struct mount_attr *attr);
/* The words of the config about propagation, in their order. Reporting. */
must_check int mount_propagate(const struct plan_mount *m, int mount);
/* A detached clone of the attached mount or file fd. Silent. */
must_check int mount_clone(int fd, bool recursive);
/*
 * A detached clone of a device node of the host, its mount read-only: the device can be used,
 * but no chmod or chown in the container reaches the host's inode. Silent.
 */
must_check int mount_clone_node(int fd);
/* Whether fd lies on a procfs. Silent. */
must_check int mount_is_procfs(int fd);

/* Leaves it to rootfs_finish to make the attached mount read-only. Reporting. */
must_check int mount_read_only_late(struct box *box, const struct plan_mount *m, int tree);

#endif
