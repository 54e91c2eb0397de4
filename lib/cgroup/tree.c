/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the walk over the cgroups that a container makes below its leaf.
 *
 * What must hold: no tree is too deep or too broad. (A container can make names of 255 bytes at 700
 * levels, which no path can express.) The walk never leaves the tree: it goes down by a name that
 * was read in the directory, and up by "..". The kernel never moves a cgroup to another parent
 * (rename(2) is not supported on v2, and only within one parent on v1), so ".." undoes a step down.
 * That it leads back to the leaf is checked nevertheless.
 *
 * A level whose descriptor had to be closed is opened again by ".." and read up to the child that
 * was left. This costs time in proportion to its breadth, but is needed only for children with
 * TREE_OPEN levels below them. The directory offset (d_off) cannot be used instead: in kernfs it is
 * a hash of the name, and a container can choose names with the same hash.
 */
#include "cgroup/tree.h"

#include "base/fd.h"
#include "base/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Descriptors that a walk leaves unused, and its time limit. A container may make cgroups as fast
 * as they are visited. (A million existing ones take about ten seconds.)
 */
enum { FD_RESERVE = 16, WALK_MS = 60000 };

const struct dirent64 *tree_entry(struct tree_level *level)
{
	for (;;) {
		if (level->at == level->n) {
			long n = syscall(SYS_getdents64, level->fd, level->entries,
					 sizeof(level->entries));

			/* ENOENT: the directory was removed */
			level->error = n < 0 && errno != ENOENT ? -errno : 0;
			if (n <= 0)
				return NULL;
			level->at = 0;
			level->n = (size_t)n;
		}
		const struct dirent64 *d = (const void *)(level->entries + level->at);

		level->at += d->d_reclen;
		/* in cgroupfs every directory is a cgroup */
		if (d->d_type == DT_DIR && strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0)
			return d;
	}
}

int tree_child(int dir, const char *name)
{
	return cgdir_below(dir, name, O_RDONLY | O_DIRECTORY);
}

static struct tree_level *level_of(struct tree *tree, size_t depth)
{
	return &tree->levels[depth % TREE_OPEN];
}

static void level_set(struct tree *tree, int fd)
{
	struct tree_level *level = level_of(tree, tree->depth);

	level->fd = fd;
	level->at = level->n = 0;
	tree->n_open++;
}

static void close_highest(struct tree *tree)
{
	fd_close(&level_of(tree, tree->depth - --tree->n_open)->fd);
}

static int inode(int fd, uint64_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = st.st_ino;
	return 0;
}

int tree_open(const struct cgroup_dir *dir, struct tree *ret)
{
	autofd leaf = cgdir_leaf(dir);

	struct rlimit limit;

	ret->deadline = sys_now_ms() + WALK_MS;
	ret->begun = false;
	ret->depth = ret->n_open = 0;
	ret->fd_limit = getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > INT_MAX
				? INT_MAX
				: (int)limit.rlim_cur - FD_RESERVE;
	if (leaf < 0)
		return leaf;
	int fd = tree_child(leaf, ".");

	if (fd < 0)
		return fd;
	level_set(ret, fd);
	return inode(fd, &ret->leaf);
}

void tree_close(struct tree *tree)
{
	while (tree->n_open > 0)
		close_highest(tree);
}

static int go_down(struct tree *tree, const char *name)
{
	int from = level_of(tree, tree->depth)->fd, fd;

	if (tree->n_open == TREE_OPEN)
		close_highest(tree);
	while ((fd = tree_child(from, name)) == -EMFILE || fd == -ENFILE) {
		if (tree->n_open == 1)
			return fd;
		close_highest(tree);
	}
	if (fd < 0)
		return fd;
	tree->depth++;
	level_set(tree, fd);
	/* the caller of the walk opens files, too */
	while (fd >= tree->fd_limit && tree->n_open > 1)
		close_highest(tree);
	return 0;
}

/*
 * Reads the directory up to and including the child with that inode. If the child no longer exists,
 * the rest of the directory counts as read.
 */
static int read_behind(struct tree_level *level, uint64_t child)
{
	const struct dirent64 *d;

	while ((d = tree_entry(level)))
		if (d->d_ino == child)
			return 0;
	return level->error;
}

static int go_up(struct tree *tree)
{
	autofd child = take_fd(&level_of(tree, tree->depth)->fd);
	uint64_t from = 0, to = 0;

	tree->depth--;
	tree->n_open--;
	if (tree->n_open > 0)
		return 0;
	int fd = openat(child, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	level_set(tree, fd);
	int r = inode(child, &from);

	if (r == 0)
		r = inode(fd, &to);
	if (r == 0 && (to == tree->leaf) != (tree->depth == 0))
		r = -ESTALE;
	return r < 0 ? r : read_behind(level_of(tree, tree->depth), from);
}

/* Returns 1 after entering a cgroup that was not visited yet, 0 if there is none, or -errno. */
static int step(struct tree *tree)
{
	for (;;) {
		struct tree_level *level = level_of(tree, tree->depth);
		const struct dirent64 *d = tree_entry(level);
		int r;

		if (sys_now_ms() >= tree->deadline)
			return -ETIMEDOUT;
		if (d) {
			r = go_down(tree, d->d_name);
			if (!cgdir_is_gone(r))
				return r < 0 ? r : 1;
			continue;
		}
		if (level->error < 0 || tree->depth == 0)
			return level->error;
		r = go_up(tree);
		if (r < 0)
			return r;
	}
}

int tree_next(struct tree *tree, int *ret)
{
	int r = tree->begun ? step(tree) : 1;

	tree->begun = true;
	if (r > 0)
		*ret = level_of(tree, tree->depth)->fd;
	return r;
}
