/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns device nodes and links. What must hold: whatever the image has at /dev, including a link to
 * anywhere, is resolved below the root (CVE-2026-41579, CVE-2026-47766). A node is made and never
 * opened. An existing file is accepted only if it is the same device.
 */
#include "fs/dev.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "channel/box.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The parent directory of the previous path, kept open because nearly all paths are in /dev. */
struct parent {
	const char *path;
	int fd;
};

static int enter_parent(struct parent *p, int root, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');

	if (!slash || !slash[1])
		return -EINVAL;
	size_t len = (size_t)(slash - path) + 1;

	if (p->fd >= 0 && strlen(p->path) == len && strncmp(p->path, path, len) == 0) {
		*ret_name = slash + 1;
		return 0;
	}
	fd_close(&p->fd);
	p->path = arena_memdup(path, len);
	p->fd = path_make_parent(root, path, ret_name);
	return p->fd < 0 ? p->fd : 0;
}

static bool is_same(const struct plan_node *n, const struct stat *st)
{
	if ((n->mode & S_IFMT) != (st->st_mode & S_IFMT))
		return false;
	return S_ISFIFO(n->mode) || st->st_rdev == makedev(n->major, n->minor);
}

/*
 * Binds the host's node, if it is that device. Used where mknod(2) is not allowed (user
 * namespaces).
 */
static int bind_node(const struct box *box, const struct plan_node *n)
{
	struct stat st;
	autofd host = open(n->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (host < 0 || fstat(host, &st) < 0)
		return fail(errno, "%s: %s of the host", n->place, n->path);
	if (!is_same(n, &st))
		return fail(0, "%s: %s of the host: found another device", n->place, n->path);
	autofd tree = mount_clone_node(host);
	autofd target = tree < 0 ? tree : path_make_file(box->root, n->path);
	int r = target < 0 ? target : mount_attach(tree, target);

	return r < 0 ? fail(-r, "%s: cannot bind %s of the host", n->place, n->path) : 0;
}

static int settle_node(const struct plan_node *n, int dir, const char *name, bool made)
{
	struct stat st;
	autofd fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "%s: %s", n->place, n->path);
	if (!is_same(n, &st))
		return fail(0, "%s: %s: found another file, expected this device", n->place,
			    n->path);
	if (made && (st.st_uid != n->uid || st.st_gid != n->gid) &&
	    fchownat(fd, "", n->uid, n->gid, AT_EMPTY_PATH) < 0)
		return fail(errno, "%s: change the owner of %s", n->place, n->path);
	return 0;
}

static int make_node(const struct box *box, const struct plan_node *n, struct parent *p)
{
	const char *name;
	int r;

	if (box->plan->bind_nodes && !S_ISFIFO(n->mode))
		return bind_node(box, n);
	r = enter_parent(p, box->root, n->path, &name);
	if (r < 0)
		return fail(-r, "%s: directory of %s", n->place, n->path);
	bool made = mknodat(p->fd, name, n->mode, makedev(n->major, n->minor)) == 0;

	if (!made && errno != EEXIST)
		return fail(errno, "%s: cannot make %s", n->place, n->path);
	return settle_node(n, p->fd, name, made);
}

/*
 * An existing /dev/ptmx is replaced unless it is a link to pts/ptmx, because it must be the
 * container's. For other links the image's own file is kept.
 */
static int make_link(const struct box *box, const struct plan_link *l, struct parent *p)
{
	char target[PATH_MAX];
	const char *name;
	int r = enter_parent(p, box->root, l->path, &name);

	if (r < 0)
		return fail(-r, "directory of link %s", l->path);
	if (symlinkat(l->target, p->fd, name) == 0)
		return 0;
	if (errno != EEXIST)
		return fail(errno, "cannot make link %s", l->path);
	if (strcmp(l->target, "pts/ptmx") != 0)
		return 0;
	ssize_t n = readlinkat(p->fd, name, target, sizeof(target) - 1);

	if (n == (ssize_t)strlen(l->target) && memcmp(target, l->target, (size_t)n) == 0)
		return 0;
	if (unlinkat(p->fd, name, 0) < 0 || symlinkat(l->target, p->fd, name) < 0)
		return fail(errno, "cannot replace link %s", l->path);
	return 0;
}

int dev_make(void *ctx)
{
	const struct box *box = ctx;
	struct parent p = { .fd = -1 };
	mode_t old = umask(0);
	int r = 0;

	for (size_t i = 0; r == 0 && i < box->plan->n_nodes; i++)
		r = make_node(box, &box->plan->nodes[i], &p);
	umask(old); /* missing directories for links get the usual mode */
	for (size_t i = 0; r == 0 && i < box->plan->n_links; i++)
		r = make_link(box, &box->plan->links[i], &p);
	fd_close(&p.fd);
	return r;
}
