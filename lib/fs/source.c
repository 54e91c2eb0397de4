/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns where the source of a bind mount is looked up. A source is a path of the host. A path that
 * leads below the container's root may refer to what an earlier mount has put there, which is
 * visible only in the new mount namespace. What must hold: such a source is resolved below the root
 * as the container sees it, when the mount is made, so that a link of the image cannot lead to a
 * file of the host.
 */
#include "fs/source.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *last_name(const char *path)
{
	path = path_clean(path);
	return strrchr(path, '/') + 1;
}

/*
 * If root.path is a symbolic link, returns the last component of its target, because the source may
 * contain that name instead. Else returns "".
 */
static const char *linked_name(const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n <= 0)
		return "";
	target[n] = 0;
	return last_name(arena_printf("/%s", target));
}

static bool is_name(const char *start, size_t n, const char *name)
{
	return n && strlen(name) == n && strncmp(start, name, n) == 0;
}

static bool is_same_directory(const char *path, int root)
{
	struct stat a, b;

	return stat(path, &a) == 0 && fstat(root, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/*
 * Returns the part of source behind the directory that is the root, or NULL. To avoid a stat(2) per
 * component, only components with the name of the root are compared.
 */
static const char *below_root(const char *source, const struct root_place *root)
{
	for (const char *c = source + strspn(source, "/"); *c; c += strspn(c, "/")) {
		size_t n = strcspn(c, "/");
		const char *rest = c + n;

		if ((is_name(c, n, root->name) || is_name(c, n, root->linked)) &&
		    !path_has_dot_dot(rest) &&
		    is_same_directory(arena_memdup(source, (size_t)(rest - source)), root->fd))
			return *rest ? rest : "/";
		c = rest;
	}
	return NULL;
}

/* Stores the text of the symbolic link at the source. *ret stays NULL if it is not a link. */
static int read_link(const struct plan_mount *m, const char **ret)
{
	char target[PATH_MAX];
	ssize_t n = readlink(m->source, target, sizeof(target) - 1);

	/* not a link, or missing: bind_open() reports that */
	if (n < 0 && (errno == EINVAL || errno == ENOENT))
		return 0;
	if (n <= 0)
		return fail(errno, "%s: read the link %s", mount_name(m), m->source);
	target[n] = 0;
	*ret = arena_strdup(target);
	return 0;
}

struct root_place source_root(const struct plan *plan, int root)
{
	return (struct root_place){ .fd = root,
				    .name = last_name(plan->root.path),
				    .linked = linked_name(plan->root.path) };
}

int source_find(const struct plan_mount *m, const struct root_place *root, struct bind_source *ret)
{
	if (m->copy_link) {
		int r = read_link(m, &ret->link);

		if (r < 0 || ret->link)
			return r;
	}
	ret->below = below_root(m->source, root);
	return 0;
}

int source_make_link(const struct box *box, const struct plan_mount *m, const char *target)
{
	char found[PATH_MAX];
	const char *name;
	autofd dir = path_make_parent(box->root, m->destination, &name);

	if (dir < 0)
		return fail(-dir, "%s: directory of the link", mount_name(m));
	if (symlinkat(target, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return fail(errno, "%s: make the link to %s", mount_name(m), target);
	ssize_t n = readlinkat(dir, name, found, sizeof(found));

	if (n == (ssize_t)strlen(target) && memcmp(found, target, (size_t)n) == 0)
		return 0;
	return fail(0, "%s: found another file, expected a link to %s", mount_name(m), target);
}
