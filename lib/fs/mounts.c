/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the container's mounts, made in the order of the config. What must hold:
 *
 * - The kernel resolves a target below the root, and the resulting descriptor is the one that is
 *   mounted on (CVE-2021-30465, CVE-2019-19921, CVE-2023-27561, CVE-2023-28642).
 * - A missing target is created without following a symbolic link (CVE-2019-18837, CVE-2024-45310).
 * - Nothing is mounted on a procfs but a procfs, or one of the few files that engines replace in it
 *   (CVE-2019-16884).
 */
#include "fs/mounts.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "fs/bind.h"
#include "fs/cgroupmnt.h"
#include "fs/copyup.h"
#include "fs/fsctx.h"
#include "fs/mount.h"
#include "fs/notifysock.h"
#include "fs/source.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROC_ROOT_INODE = 1 }; /* linux/proc_fs.h: PROC_ROOT_INO */

/*
 * The plan decides by the text of a destination which ones below /proc are allowed. This function
 * checks where the destination leads, and what a bind source is.
 */
static int check_procfs(const struct plan_mount *m, int tree, int target)
{
	int on = mount_is_procfs(target);

	if (on < 0)
		return fail(-on, "%s: fstatfs", mount_name(m));
	/* At /proc the plan accepts only a procfs. The image's root may have one there already. */
	if (on && strcmp(m->destination, "/proc") != 0 && strncmp(m->destination, "/proc/", 6) != 0)
		return fail(0,
			    "%s: found a procfs at the destination, expected another file system",
			    mount_name(m));
	if (!m->proc_source)
		return 0;
	struct stat st;

	on = mount_is_procfs(tree);
	if (on < 0 || fstat(tree, &st) < 0)
		return fail(errno, "%s: fstat of the source", mount_name(m));
	/*
	 * A directory of a procfs that is not its root would redirect writes to
	 * /proc/self/attr/exec and the masked paths, as a tmpfs would.
	 */
	return on && st.st_ino == PROC_ROOT_INODE
		       ? 0
		       : fail(0,
			      "%s: found another file at the source, expected the root of a procfs",
			      mount_name(m));
}

/* Opens the mount point with O_PATH. Creates it if it does not exist. */
static int open_target(const struct box *box, const struct plan_mount *m, bool is_dir,
		       bool *ret_made)
{
	int fd = m->strict_target ? path_open_nolinks(box->root, m->destination, O_PATH)
				  : path_open(box->root, m->destination, O_PATH);

	*ret_made = fd == -ENOENT;
	if (fd == -ENOENT) {
		fd = is_dir ? path_make_dir(box->root, m->destination, 0755)
			    : path_make_file(box->root, m->destination);
		if (fd >= 0 && m->strict_target) {
			close(fd);
			fd = path_open_nolinks(box->root, m->destination, O_PATH);
		}
	}
	if (fd == -ELOOP)
		return fail(0, "%s: found a symbolic link in the destination, expected none",
			    mount_name(m));
	return fd < 0 ? fail(-fd, "%s: open the mount point", mount_name(m)) : fd;
}

static int is_directory(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 ? -errno : S_ISDIR(st.st_mode);
}

/* Checks that the mount point is of the right type and not the root itself. */
static int check_target(const struct box *box, const struct plan_mount *m, bool is_dir, int target)
{
	struct statx st;

	if (statx(target, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO | STATX_MNT_ID, &st) < 0)
		return fail(errno, "%s: statx of the mount point", mount_name(m));
	if (S_ISDIR(st.stx_mode) != is_dir)
		return fail(0, "%s: the source is %s, the mount point is %s", mount_name(m),
			    is_dir ? "a directory" : "a file", is_dir ? "a file" : "a directory");
	if (box_is_root(box, &st))
		return fail(0, "%s: found the container's root, expected a mount point below it",
			    mount_name(m));
	return 0;
}

static int attach_bind(struct box *box, const struct plan_mount *m, int tree)
{
	bool made;
	int dir = is_directory(tree);

	if (dir < 0)
		return fail(-dir, "%s: fstat of the source", mount_name(m));
	autofd target = open_target(box, m, dir, &made);
	int r = target;

	if (r < 0 || (r = check_procfs(m, tree, target)) < 0 ||
	    (r = check_target(box, m, dir, target)) < 0)
		return r;
	r = mount_attach(tree, target);
	return r < 0 ? fail(-r, "%s: cannot attach", mount_name(m)) : 0;
}

/* Keeps the mounts that later steps need. */
static void remember(struct box *box, const struct plan_mount *m, int *tree)
{
	int *place = NULL;

	if (strcmp(m->destination, "/proc") == 0)
		place = &box->proc;
	else if (strcmp(m->destination, "/sys") == 0)
		place = &box->sys;
	else if (m->kind == PLAN_MOUNT_FS && strcmp(m->fstype, "devpts") == 0)
		place = &box->devpts;
	if (!place)
		return;
	fd_close(place);
	*place = take_fd(tree);
}

static int make_bind(struct box *box, size_t i)
{
	const struct plan_mount *m = &box->plan->mounts[i];
	const struct bind_source *from = &box->h->origins[i];
	autofd tree = take_fd(&box->h->sources[i]);
	int r = 0;

	if (from->link)
		return source_make_link(box, m, from->link);
	if (from->below)
		r = bind_open_below(box->plan, i, box->root, from->below, box->h->idmaps[i], &tree);
	if (r < 0)
		return r;
	if (tree < 0 && m->optional)
		return 0;
	if (tree < 0)
		return fail(0, "%s: the bind source was not opened", mount_name(m));
	r = attach_bind(box, m, tree);
	if (r == 0)
		remember(box, m, &tree);
	return r;
}

static bool has_option(const struct plan_mount *m, const char *key)
{
	for (size_t i = 0; i < m->n_options; i++)
		if (m->options[i].value && strcmp(m->options[i].key, key) == 0)
			return true;
	return false;
}

/*
 * Mounts a tmpfs that takes mode and owner from the image's directory at the mount point. The mode
 * is taken, as by runc, if there is no option "mode". The owner is taken if there is no option
 * "mode", "uid" or "gid". So a private directory stays private.
 */
static int make_like(const struct plan_mount *m, struct fsctx *fs, int target)
{
	struct stat st;
	struct plan_option *options = arena_array(m->n_options + 1, sizeof(*options));
	bool has_mode = has_option(m, "mode");

	if (fstat(target, &st) < 0)
		return fail(errno, "%s: fstat of the mount point", fs->what);
	if (m->n_options) /* memcpy(3) takes no NULL */
		memcpy(options + 1, m->options, m->n_options * sizeof(*options));
	options[0] = (struct plan_option){ "mode", arena_printf("%04o", st.st_mode & 07777) };
	if (!has_mode) {
		fs->options = options;
		fs->n_options++;
	}
	autofd tree = fsctx_mount(fs);

	if (tree < 0)
		return tree;
	bool owned = !has_mode && !has_option(m, "uid") && !has_option(m, "gid");

	/* EINVAL: the owner is not mapped in this user namespace; it stays root's */
	if (owned && (st.st_uid || st.st_gid) &&
	    fchownat(tree, "", st.st_uid, st.st_gid, AT_EMPTY_PATH) < 0 && errno != EINVAL)
		return fail(errno, "%s: change the owner", fs->what);
	return take_fd(&tree);
}

static bool takes_label(const struct plan_mount *m)
{
	static const char *const without[] = { "proc", "sysfs", "mqueue", "cgroup", "cgroup2" };

	for (size_t i = 0; i < ARRAY_LEN(without); i++)
		if (strcmp(m->fstype, without[i]) == 0)
			return false;
	return true;
}

static int fill(const struct plan_mount *m, int target, int tree)
{
	autofd from = openat(target, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (from < 0)
		return fail(errno, "%s: open the image's directory to copy", mount_name(m));
	return copyup(mount_name(m), from, tree);
}

static int make_fs(struct box *box, size_t i)
{
	const struct plan_mount *m = &box->plan->mounts[i];
	bool tmpfs = strcmp(m->fstype, "tmpfs") == 0, made;
	/* Nodes, mount points and copied files are created in it before it becomes read-only. */
	bool late = tmpfs && (m->attr_set & MOUNT_ATTR_RDONLY);
	struct fsctx fs = { .what = mount_name(m),
			    .fstype = m->fstype,
			    .source = m->source,
			    .label = takes_label(m) ? box->plan->mount_label : NULL,
			    .label_kind = box->plan->mount_label_kind,
			    .n_options = m->n_options,
			    .options = m->options,
			    .context = plan_ns_is_shown(box->plan, i) ? &box->h->sources[i] : NULL,
			    .attrs = late ? m->attr_set & ~(uint64_t)MOUNT_ATTR_RDONLY
					  : m->attr_set };

	if (fs.context && *fs.context < 0)
		return fail(0, "%s: no procfs was opened in the PID namespace", fs.what);
	autofd target = open_target(box, m, true, &made);
	int r = target;

	/* before anything is copied from there */
	if (r < 0 || (r = check_procfs(m, -1, target)) < 0 ||
	    (r = check_target(box, m, true, target)) < 0)
		return r;
	autofd tree = tmpfs && !made ? make_like(m, &fs, target) : fsctx_mount(&fs);

	if (tree < 0)
		return tree;
	r = m->copy_up ? fill(m, target, tree) : 0;
	if (r == 0 && m->sdnotify)
		r = notifysock_bind(box, m, tree);
	if (r < 0 || (r = mount_propagate(m, tree)) < 0)
		return r;
	r = mount_attach(tree, target);
	if (r < 0)
		return fail(-r, "%s: cannot attach", mount_name(m));
	r = late ? mount_read_only_late(box, m, tree) : 0;
	if (r == 0)
		remember(box, m, &tree);
	return r;
}

static int make_cgroup(struct box *box, const struct plan_mount *m)
{
	bool made;
	autofd target = open_target(box, m, true, &made);

	if (target < 0)
		return target;
	int r = check_procfs(m, -1, target);

	return r < 0 ? r : cgroupmnt_make(box, m, target);
}

int mounts_make(void *ctx)
{
	struct box *box = ctx;

	for (size_t i = 0; i < box->plan->n_mounts; i++) {
		const struct plan_mount *m = &box->plan->mounts[i];
		int r;

		if (m->kind == PLAN_MOUNT_BIND)
			r = make_bind(box, i);
		else if (m->kind == PLAN_MOUNT_CGROUP)
			r = make_cgroup(box, m);
		else
			r = make_fs(box, i);
		if (r < 0)
			return r;
	}
	return 0;
}
