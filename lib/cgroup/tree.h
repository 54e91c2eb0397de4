/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cgroups below a leaf, however many and however deep, in memory and descriptors that do
 * not depend on the tree, and in linear time. Only lib/cgroup includes this. All silent.
 */
#ifndef CGROUP_TREE_H
#define CGROUP_TREE_H

#include "base/base.h"
#include "cgroup/cgdir.h"

struct dirent64;

/* A directory while it is read. The buffer takes at least one name of 255 bytes. */
struct tree_level {
	int fd;
	int error; /* of the last reading: 0 or -errno */
	size_t at, n;
	char entries[1024] __attribute__((aligned(8)));
};

/* The next child of the directory, valid until the next call for it. NULL: there is no more, or
 * it cannot be read, which level->error tells. */
const struct dirent64 *tree_entry(struct tree_level *level);
/* The child of that name, for reading; owned. -ENOENT where it has gone. */
must_check int tree_child(int dir, const char *name);

enum { TREE_OPEN = 24 };

/* Where a walk is. Of the levels only the deepest are open; the others are found again. */
struct tree {
	bool begun;
	size_t depth;  /* of the cgroup that tree_next() gave last; 0: the leaf */
	size_t n_open; /* the levels depth - n_open + 1 .. depth */
	uint64_t leaf; /* its inode */
	int fd_limit;  /* where RLIMIT_NOFILE is near */
	int64_t deadline;
	struct tree_level levels[TREE_OPEN];
};

/* Begins a walk, which ends with tree_close(). -ENOENT if there is no leaf. */
must_check int tree_open(const struct cgroup_dir *dir, struct tree *ret);
/*
 * The next cgroup, each before those below it, the leaf first: 1 and its descriptor, which is
 * the walk's and good until the next call; 0 at the end; -errno. A tree that does not change is
 * visited wholly, each cgroup once. Of one that is being changed, what is renamed or made
 * meanwhile may be left out; a cgroup outside of it is never given. -ETIMEDOUT: it was still
 * growing after a minute.
 */
must_check int tree_next(struct tree *tree, int *ret);
void tree_close(struct tree *tree);
#define autotree __attribute__((cleanup(tree_close))) struct tree

#endif
