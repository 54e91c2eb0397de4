/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts as objects, inside lib/box: made detached, given their attributes, propagation and
 * id map, and only then attached, descriptor onto descriptor. Nothing here takes a path as
 * the target of a mount.
 */
#ifndef BOX_MOUNT_H
#define BOX_MOUNT_H

#include "base/base.h"
#include "box/inner.h"

struct mount_attr;

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

/* Leaves it to root_finish to make the attached mount read-only. Reporting. */
must_check int mount_read_only_late(struct box *box, const struct plan_mount *m, int tree);

/* --- fsctx.c: new superblocks --- */

struct fsctx {
	const char *what; /* for messages */
	const char *fstype;
	const char *source;	/* or NULL */
	const char *label;	/* SELinux, or NULL */
	const char *label_kind; /* the option that takes it */
	size_t n_options;
	const struct plan_option *options;
	uint64_t attrs;	    /* MOUNT_ATTR_* */
	const int *context; /* one that is open (fsopen(2)), borrowed; NULL: a new one */
};

enum { FSCTX_VALUE_MAX = 255 }; /* fsconfig(2): strndup_user() of 256 */

/* Sets one option of the context fs; `shown` is its value in messages, NULL: none. Reporting. */
must_check int fsctx_set(const struct fsctx *ctx, int fs, const struct plan_option *o,
			 const char *shown);
/* A detached mount of a new superblock; errors carry the kernel's own words. Reporting. */
must_check int fsctx_mount(const struct fsctx *fs);

/* --- overlay.c --- */

/* Whether the option names layers of an overlay. */
bool overlay_has_layers(const struct fsctx *ctx, const struct plan_option *o);
/* Sets them however long their paths are. Reporting. */
must_check int overlay_set_layers(const struct fsctx *ctx, int fs, const struct plan_option *o);

/* --- bind.c: clones of host trees --- */

enum { BIND_LEFT_TO_INIT = 1 };
/*
 * The detached clone of mounts[i]'s source with everything applied that the plan asks of it.
 * *ret is -1 if an optional source is missing. BIND_LEFT_TO_INIT: `in_parent` is set and this
 * process may not clone; init then calls this in its own mount namespace. Reporting.
 */
must_check int bind_open(const struct plan *plan, size_t i, int idmap, bool in_parent, int *ret);
/* The same of a place in the container: what is there by now, found below the root. */
must_check int bind_open_below(const struct plan *plan, size_t i, int root, const char *path,
			       int idmap, int *ret);

/* --- source.c --- */

/* The directory that the container's root is cloned from, and what a path may call it. */
struct root_place {
	int fd; /* borrowed */
	const char *name, *linked;
};

/* By plan->root.path and its descriptor. Arena. */
struct root_place source_root(const struct plan *plan, int root);
/* Where the source of the bind m is to be looked up. Arena. Reporting. */
must_check int source_find(const struct plan_mount *m, const struct root_place *root,
			   struct bind_source *ret);
/* Makes the symbolic link of "copy-symlink" at m's destination. Reporting. */
must_check int source_make_link(const struct box *box, const struct plan_mount *m,
				const char *target);

/* --- idmap.c --- */

/* A user namespace with these maps (n 0: the container's); lives by its descriptor. Needs
 * handles.proc and handles.joins. Reporting. */
must_check int idmap_open(const struct plan *plan, const struct plan_mount *m,
			  const struct handles *h);

/* --- copyup.c --- */

/* Copies what is below the directory `from` into the directory `to`: directories, files,
 * links, nodes with mode, owner, times and attributes; of `from` itself times and attributes.
 * Reporting. */
must_check int copyup(const char *what, int from, int to);

/* --- notifysock.c --- */

/* Binds handles.sdnotify in the detached tmpfs `tree`; leaves box.root as working directory.
 * Reporting. */
must_check int notifysock_bind(const struct box *box, const struct plan_mount *m, int tree);

/* --- cgroupmnt.c --- */

/* Whether a clone of hierarchy i is to be made for cgroup mounts. */
bool cgroupmnt_wants_leaf(const struct plan *plan, size_t i);
/* That detached clone, of the container's leaf or of all; BIND_LEFT_TO_INIT as above. */
must_check int cgroupmnt_leaf(const struct plan *plan, const struct plan_mount *m, size_t i,
			      bool in_parent, int *ret);
/* Mounts the container's cgroups on target. Reporting. */
must_check int cgroupmnt_make(struct box *box, const struct plan_mount *m, int target);

#endif
