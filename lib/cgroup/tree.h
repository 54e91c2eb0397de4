/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the cgroups below a leaf, whatever their number and depth, in linear time and with a
 * constant amount of memory and descriptors. Only lib/cgroup includes this. All silent.
 */
#ifndef CGROUP_TREE_H
#define CGROUP_TREE_H

#include "base/base.h"
#include "cgroup/cgdir.h"

struct dirent64;

/* A directory that is being read. The buffer has room for at least one name of 255 bytes. */
struct tree_level {
	int fd;
	int error; /* of the last read: 0 or -errno */
	size_t at, n;
	char entries[1024] __attribute__((aligned(8)));
};

/*
 * Returns the next child of the directory, valid until the next call for it. NULL: no more, or an
 * error in level->error.
 */
const struct dirent64 *tree_entry(struct tree_level *level);
/* Opens the child of that name for reading. The caller closes it. -ENOENT if it is gone. */
must_check int tree_child(int dir, const char *name);

enum { TREE_OPEN = 24 };

/* State of a walk. Only the deepest levels are open; the others are opened again by "..". */
struct tree {
	bool begun;
	size_t depth;  /* of the cgroup that tree_next() returned last; 0: the leaf */
	size_t n_open; /* the open levels are depth - n_open + 1 to depth */
	uint64_t leaf; /* inode of the leaf */
	int fd_limit;  /* close levels when descriptor numbers come near RLIMIT_NOFILE */
	int64_t deadline;
	struct tree_level levels[TREE_OPEN];
};

/* Begins a walk, which tree_close() ends. -ENOENT if the leaf does not exist. */
must_check int tree_open(const struct cgroup_dir *dir, struct tree *ret);
/*
 * Returns 1 and the next cgroup, each before its children and the leaf first; 0 at the end; or
 * -errno. The descriptor stays the walk's and is valid until the next call. If the tree does not
 * change, every cgroup is visited once. Cgroups that are renamed or made during the walk may be
 * missed; a cgroup outside the tree is never returned. -ETIMEDOUT: the tree was still growing after
 * a minute.
 */
must_check int tree_next(struct tree *tree, int *ret);
void tree_close(struct tree *tree);
#define autotree __attribute__((cleanup(tree_close))) struct tree

#endif
