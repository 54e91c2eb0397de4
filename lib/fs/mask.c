/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.maskedPaths and linux.readonlyPaths. What must hold:
 *
 * - A file is covered by the host's null device, which has been checked, and never by the image's
 *   /dev/null (CVE-2025-31133, CVE-2025-62161). A directory is covered by an empty read-only tmpfs.
 * - A clone is read-only before it is attached.
 * - Only a path that does not exist is skipped. Paths below /proc and /sys are looked up in the
 *   mounts that we hold. A process that can rename files in the image's root therefore cannot make
 *   them appear absent (CVE-2025-52881).
 */
#include "fs/mask.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "channel/box.h"
#include "fs/fsctx.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>

/* Opens a path of the container with O_PATH. Silent. */
static int open_place(const struct box *box, const char *path)
{
	if (box->proc >= 0 && strncmp(path, "/proc/", 6) == 0)
		return path_open(box->proc, path + 5, O_PATH);
	if (box->sys >= 0 && strncmp(path, "/sys/", 5) == 0)
		return path_open(box->sys, path + 4, O_PATH);
	return path_open(box->root, path, O_PATH);
}

/*
 * A mount that covers many places. It is attached at the first; the others get clones of it. A
 * detached mount cannot be cloned before Linux 6.15.
 */
struct cover {
	int fd;
	bool attached;
};

static int cover_attach(struct cover *c, int target)
{
	if (!c->attached) {
		int r = mount_attach(c->fd, target);

		c->attached = r == 0;
		return r;
	}
	autofd copy = mount_clone(c->fd, false);

	return copy < 0 ? copy : mount_attach(copy, target);
}

static int make_empty(struct cover *c, const struct plan *plan)
{
	static const struct plan_option options[] = {
		{ "ro", NULL }, { "size", "4k" }, { "nr_inodes", "1" }, { "mode", "555" }
	};
	const struct fsctx fs = { .what = "linux.maskedPaths",
				  .fstype = "tmpfs",
				  .source = "tmpfs",
				  .label = plan->mount_label,
				  .label_kind = plan->mount_label_kind,
				  .n_options = ARRAY_LEN(options),
				  .options = options,
				  .attrs = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
					   MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC };

	if (c->fd < 0)
		c->fd = fsctx_mount(&fs);
	return c->fd;
}

static int mask(const struct box *box, const char *path, struct cover *null, struct cover *empty)
{
	struct statx st;
	autofd target = open_place(box, path);
	int r;

	if (target == -ENOENT || target == -ENOTDIR)
		return 0;
	if (target < 0)
		return fail(-target, "linux.maskedPaths: %s", path);
	if (statx(target, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO | STATX_MNT_ID, &st) < 0)
		return fail(errno, "linux.maskedPaths: %s", path);
	if (box_is_root(box, &st))
		return fail(0,
			    "linux.maskedPaths: %s: found the container's root, expected a file or "
			    "directory below it",
			    path);
	if (S_ISDIR(st.stx_mode)) {
		r = make_empty(empty, box->plan);
		if (r < 0)
			return r;
		r = cover_attach(empty, target);
	} else {
		r = cover_attach(null, target);
	}
	return r < 0 ? fail(-r, "linux.maskedPaths: cannot cover %s", path) : 0;
}

int mask_masked_paths(void *ctx)
{
	struct box *box = ctx;
	struct cover null = { .fd = take_fd(&box->null) }, empty = { .fd = -1 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < box->plan->n_masked; i++)
		r = mask(box, box->plan->masked[i], &null, &empty);
	fd_close(&null.fd);
	fd_close(&empty.fd);
	return r;
}

static int make_readonly(struct box *box, const char *path)
{
	const struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	autofd target = open_place(box, path);
	struct statx st;

	if (target == -ENOENT || target == -ENOTDIR)
		return 0;
	if (target < 0 || statx(target, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) < 0)
		return fail(target < 0 ? -target : errno, "linux.readonlyPaths: %s", path);
	/* the root is the mount itself; a mount on top of it would not be seen */
	if (box_is_root(box, &st)) {
		box->root_readonly = true;
		return 0;
	}
	autofd tree = mount_clone(target, true);
	int r = tree < 0 ? tree : mount_set(tree, AT_RECURSIVE, &attr);

	if (r == 0)
		r = mount_attach(tree, target);
	return r < 0 ? fail(-r, "linux.readonlyPaths: %s", path) : 0;
}

int mask_readonly_paths(void *ctx)
{
	struct box *box = ctx;
	int r = 0;

	for (size_t i = 0; r == 0 && i < box->plan->n_readonly; i++)
		r = make_readonly(box, box->plan->readonly[i]);
	return r;
}
