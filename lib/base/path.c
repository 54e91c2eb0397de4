/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns look-ups below a directory descriptor. What must hold: no look-up leaves the directory,
 * whatever symbolic links a hostile image contains and however they change in the meantime
 * (CVE-2021-30465, CVE-2019-18837, CVE-2024-45310). The kernel resolves the path, and the
 * descriptor that was checked is the one that is used.
 */
#include "base/path.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * openat2(2) returns EAGAIN if a rename raced with the look-up. It is repeated, but not for ever.
 */
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

/* Returns the end of the component that starts at p. */
static const char *component_end(const char *p)
{
	return strchrnul(p, '/');
}

/* Maximum number of dangling symbolic links in a chain. */
enum { LINKS_MAX = 8 };

/*
 * Returns where the symbolic link at path leads, as a path below root, or NULL if it is not a link.
 * The result is text and is used only to create what is missing there. Afterwards the original path
 * is opened again, and the kernel decides whether it leads there.
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
 * Goes down from dir to its missing child at path by creating a directory. If there is a symbolic
 * link, it is resolved from root with the whole path, because RESOLVE_IN_ROOT must start at the
 * real root. If the link is dangling, the directory is created where it leads.
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

/* Tries the end of the path first, because usually only the last directory is missing. */
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
	/* it may differ from the file just created if somebody renames; but no link is followed */
	return path_open_nolinks(dir, name, O_PATH);
}

int path_make_file(int root, const char *path)
{
	return make_file(root, path, LINKS_MAX);
}

int path_enter(int dir)
{
	/* open(2) of "." would ask for the right to search it */
	autofd back = sys_open_tree(AT_FDCWD, "", AT_EMPTY_PATH | OPEN_TREE_CLOEXEC);

	if (back < 0 || fchdir(dir) < 0)
		return -errno;
	return take_fd(&back);
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
