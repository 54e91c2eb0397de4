/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns lookups below a directory descriptor. What must hold: no lookup of ours leaves the
 * directory, whatever links a hostile image holds and however they change meanwhile
 * (CVE-2021-30465, CVE-2019-18837, CVE-2024-45310): the kernel resolves, and the descriptor
 * that was checked is the one that is used.
 */
#include "base/path.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* EAGAIN means that a rename raced with the lookup: try again, but not for ever. */
enum { LOOKUP_TRIES = 128 };

static int open_with(int root, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = { .flags = (uint64_t)(unsigned int)flags | O_CLOEXEC,
				.resolve = resolve };

	for (int i = 0; i < LOOKUP_TRIES; i++) {
		int fd = sys_openat2(root, path, &how);

		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

int path_open(int root, const char *path, int flags)
{
	return open_with(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int path_open_nolinks(int root, const char *path, int flags)
{
	return open_with(root, path, flags,
			 RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
}

/* The end of the component that starts at p. */
static const char *component_end(const char *p)
{
	return strchrnul(p, '/');
}

/* How many links that lead to nothing may stand behind one another. */
enum { LINKS_MAX = 8 };

/*
 * Where the link at path leads, as a path below root; NULL if there is no link. Text, so only
 * for making what is missing there: whoever made it opens the first path again, and the
 * kernel decides whether it leads to that.
 */
static const char *link_target(int root, const char *path)
{
	char target[PATH_MAX];
	const char *slash = strrchr(path, '/');
	autofd link = path_open(root, path, O_PATH | O_NOFOLLOW);
	ssize_t n = link < 0 ? -1 : readlinkat(link, "", target, sizeof(target) - 1);

	if (n <= 0 || !slash)
		return NULL;
	target[n] = 0;
	return path_join(arena_memdup(path, (size_t)(slash - path) + 1), target);
}

static int make_dir(int root, const char *path, mode_t mode, int links);

/*
 * One step down from dir, its parent, to a path where nothing is: makes a directory. A link
 * is resolved from root with the whole text, because the kernel's IN_ROOT needs the true root
 * to clamp at. Behind a link to nothing the directory is made where it leads.
 */
static int step_down(int root, int dir, const char *path, mode_t mode, int links)
{
	const char *name = strrchr(path, '/') + 1;
	const char *target = link_target(root, path);
	autofd made = target ? make_dir(root, target, mode, links - 1) : -1;

	if (target && made < 0)
		return made;
	if (!target && mkdirat(dir, name, mode) < 0 && errno != EEXIST)
		return -errno;
	int fd = target ? path_open(root, path, O_PATH | O_DIRECTORY)
			: path_open_nolinks(dir, name, O_PATH | O_DIRECTORY);

	return fd == -ENOENT || fd == -ENOTDIR ? -ELOOP : fd;
}

/* From the end: nearly always it is only the last directory that is missing. */
static int make_dir(int root, const char *path, mode_t mode, int links)
{
	int fd = links < 0 ? -ELOOP : path_open(root, path, O_PATH | O_DIRECTORY);

	if (fd != -ENOENT)
		return fd;
	path = path_join("/", path);
	size_t n = (size_t)(strrchr(path, '/') - path);

	if (!path[1])
		return fd;
	autofd dir = make_dir(root, n ? arena_memdup(path, n) : "/", mode, links);

	return dir < 0 ? dir : step_down(root, dir, path, mode, links);
}

int path_make_dir(int root, const char *path, mode_t mode)
{
	return make_dir(root, path, mode, LINKS_MAX);
}

static int make_parent(int root, const char *path, const char **ret_name, int links)
{
	path = path_clean(path_join("/", path));
	const char *slash = strrchr(path, '/');

	if (!slash[1])
		return -EINVAL;
	int fd = make_dir(root, arena_memdup(path, (size_t)(slash - path) + 1), 0755, links);

	if (fd >= 0)
		*ret_name = slash + 1;
	return fd;
}

int path_make_parent(int root, const char *path, const char **ret_name)
{
	return make_parent(root, path, ret_name, LINKS_MAX);
}

static int make_file(int root, const char *path, int links)
{
	const char *name;
	int fd = links < 0 ? -ELOOP : path_open(root, path, O_PATH);

	if (fd != -ENOENT)
		return fd;
	const char *target = link_target(root, path_join("/", path));

	if (target) {
		autofd behind = make_file(root, target, links - 1);

		if (behind < 0)
			return behind;
		fd = path_open(root, path, O_PATH);
		return fd == -ENOENT ? -ELOOP : fd;
	}
	autofd dir = make_parent(root, path, &name, links);

	if (dir < 0)
		return dir;
	autofd made = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (made < 0 && errno != EEXIST)
		return -errno;
	/* not what was just made if somebody renames meanwhile: never through a link */
	return path_open_nolinks(dir, name, O_PATH);
}

int path_make_file(int root, const char *path)
{
	return make_file(root, path, LINKS_MAX);
}

bool path_is_absolute(const char *p)
{
	return p[0] == '/' && strlen(p) < PATH_MAX;
}

bool path_has_dot_dot(const char *p)
{
	for (const char *end; *p; p = end + strspn(end, "/")) {
		end = component_end(p);
		if (end - p == 2 && p[0] == '.' && p[1] == '.')
			return true;
	}
	return false;
}

char *path_clean(const char *p)
{
	char *out = arena_alloc(strlen(p) + 2), *o = out;

	for (const char *end; *p; p = end) {
		while (*p == '/')
			p++;
		end = component_end(p);
		size_t n = (size_t)(end - p);

		if (n == 0 || (n == 1 && p[0] == '.'))
			continue;
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			while (o > out && *--o != '/')
				;
			continue;
		}
		*o++ = '/';
		memcpy(o, p, n);
		o += n;
	}
	if (o == out)
		*o++ = '/';
	*o = 0;
	return out;
}

char *path_join(const char *base, const char *p)
{
	return path_clean(p[0] == '/' ? p : arena_printf("%s/%s", base, p));
}
