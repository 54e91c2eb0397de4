/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns lookups in cgroupfs.
 *
 * What must hold: a path from a plan or a record, which an attacker may have influenced, never
 * leads out of its hierarchy and never to the root of the hierarchy. (With a record that says "/"
 * every process of the host would be killed.) openat2(2) guarantees the first (RESOLVE_BENEATH, no
 * symbolic links, no other mount), cgdir_is_leaf_path() the second. A leaf of ours is the one with
 * the recorded inode. Another cgroup of the same name is not opened.
 */
#include "cgroup/cgdir.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { LOOKUP_TRIES = 128 };

static struct {
	const char *mountpoint;
	int fd;
} roots[PLAN_HIERARCHIES];

static size_t n_roots;

static int open_root(const char *mountpoint, bool v2)
{
	autofd fd = open(mountpoint, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -CGDIR_UNMOUNTED : -errno;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if ((unsigned long)fs.f_type != (v2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC))
		return -CGDIR_UNMOUNTED;
	return take_fd(&fd);
}

int cgdir_root(const char *mountpoint, bool v2)
{
	for (size_t i = 0; i < n_roots; i++)
		if (strcmp(roots[i].mountpoint, mountpoint) == 0)
			return roots[i].fd;
	if (n_roots == ARRAY_LEN(roots))
		return -E2BIG;
	int fd = open_root(mountpoint, v2);

	if (fd < 0)
		return fd;
	roots[n_roots].mountpoint = mountpoint;
	roots[n_roots++].fd = fd;
	return fd;
}

int cgdir_below(int base, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(unsigned int)flags | O_CLOEXEC,
				.resolve =
					RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV };

	for (int i = 0; i < LOOKUP_TRIES; i++) {
		int fd = sys_openat2(base, *path ? path : ".", &how);

		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

bool cgdir_is_leaf_path(const char *path)
{
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return false;
	for (const char *p = path + 1, *end;; p = end + 1) {
		end = strchrnul(p, '/');
		size_t n = (size_t)(end - p);

		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (!*end)
			return true;
	}
}

int cgdir_open(const struct cgroup_dir *dir, const char *path, int flags)
{
	if (!cgdir_is_leaf_path(dir->path) || !cgdir_is_leaf_path(path))
		return -EINVAL;
	int root = cgdir_root(dir->mountpoint, dir->v2);

	return root < 0 ? root : cgdir_below(root, path + 1, flags);
}

int cgdir_leaf(const struct cgroup_dir *dir)
{
	autofd fd = cgdir_open(dir, dir->path, O_PATH | O_DIRECTORY);
	struct stat st;

	if (fd < 0 || !dir->made)
		return take_fd(&fd);
	if (fstat(fd, &st) < 0)
		return -errno;
	return st.st_ino == dir->inode ? take_fd(&fd) : -ENOENT;
}

int cgdir_open_in(const struct cgroup_dir *dir, const char *path, int flags)
{
	autofd leaf = cgdir_leaf(dir);

	return leaf < 0 ? leaf : cgdir_below(leaf, path, flags);
}

int cgdir_is_leaf(const struct cgroup_dir *dir, int parent, const char *name)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return cgdir_is_gone(-errno) ? 0 : -errno;
	return !dir->made || st.st_ino == dir->inode;
}

int cgdir_parent(const struct cgroup_dir *dir, const char **ret_name)
{
	if (!cgdir_is_leaf_path(dir->path))
		return -EINVAL;
	const char *slash = strrchr(dir->path, '/');
	int root = cgdir_root(dir->mountpoint, dir->v2);

	if (root < 0)
		return root;
	*ret_name = slash + 1;
	size_t n = (size_t)(slash - dir->path);

	if (n == 0) {
		int fd = fcntl(root, F_DUPFD_CLOEXEC, 3);

		return fd < 0 ? -errno : fd;
	}
	return cgdir_below(root, arena_memdup(dir->path + 1, n - 1), O_PATH | O_DIRECTORY);
}

int cgdir_read(int dirfd, const char *file, struct text *ret)
{
	int r = io_read_file(dirfd, file, CGDIR_FILE_MAX, ret);

	if (r == 0 && ret->len && ret->data[ret->len - 1] == '\n')
		ret->data[--ret->len] = 0;
	return r;
}

int cgdir_write(int dirfd, const char *file, const char *value)
{
	if (!*file || strchr(file, '/') || strcmp(file, ".") == 0 || strcmp(file, "..") == 0)
		return -EINVAL;
	return io_write_file(dirfd, file, value);
}

int64_t cgdir_keyed(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = text; *line;) {
		if (strncmp(line, key, n) == 0 && line[n] == ' ') {
			int64_t value = 0;

			for (const char *p = line + n + 1; *p >= '0' && *p <= '9'; p++)
				if (__builtin_mul_overflow(value, 10, &value) ||
				    __builtin_add_overflow(value, *p - '0', &value))
					return INT64_MAX;
			return value;
		}
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	return -ENODATA;
}

bool cgdir_has_word(const char *list, const char *separators, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list;;) {
		size_t n = strcspn(p, separators);

		if (n == len && n && strncmp(p, word, n) == 0)
			return true;
		if (!p[n])
			return false;
		p += n + 1;
	}
}

int cgdir_fail(const struct cgroup_dir *dir, int r, const char *what)
{
	if (r == -CGDIR_UNMOUNTED)
		return fail(0, "cannot %s cgroup %s in %s: its hierarchy is not mounted at %s",
			    what, dir->path, dir->name, dir->mountpoint);
	return fail(-r, "cannot %s cgroup %s in %s", what, dir->path, dir->name);
}

bool cgdir_is_gone(int r)
{
	return r == -ENOENT || r == -ENODEV;
}

const struct cgroup_dir *cgdir_find_v1(const struct cgroup *cgroup, const char *controller)
{
	for (size_t i = 0; i < cgroup->n; i++)
		if (!cgroup->v[i].v2 && cgdir_has_word(cgroup->v[i].name, ",", controller))
			return &cgroup->v[i];
	return NULL;
}

const struct cgroup_dir *cgdir_find_v2(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->n; i++)
		if (cgroup->v[i].v2)
			return &cgroup->v[i];
	return NULL;
}

bool cgdir_back_off(unsigned int *tries, int64_t deadline)
{
	if (sys_now_ms() >= deadline)
		return false;
	long us = *tries < 7 ? 100L << *tries : 10000;
	const struct timespec t = { 0, us * 1000 };

	++*tries;
	(void)ppoll(NULL, 0, &t, NULL);
	return true;
}
