/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories of cgroupfs, by descriptor. Only lib/cgroup includes this. All silent unless
 * said otherwise: a descriptor, a number or 0, or -errno.
 */
#ifndef CGROUP_DIR_H
#define CGROUP_DIR_H

#include "base/base.h"
#include "base/io.h"
#include "cgroup/cgroup.h"

#include <errno.h>

/* The kernel's files are small; the exception is a list of very many pids. */
enum { CGDIR_FILE_MAX = 1 << 22 };

/* The errno of a hierarchy that is not mounted where it was: nothing can be said of the cgroups
 * in it, so it must not be taken for "the cgroup has gone". No file of cgroupfs gives it. */
enum { CGDIR_UNMOUNTED = ENXIO };

/*
 * The hierarchy mounted at mountpoint (O_PATH), opened once per process and kept; borrowed.
 * -CGDIR_UNMOUNTED if there is no cgroup file system of that version.
 */
must_check int cgdir_root(const char *mountpoint, bool v2);
/* path (of a leaf, or of a file below one) in the hierarchy of dir, by openat2; owned. */
must_check int cgdir_open(const struct cgroup_dir *dir, const char *path, int flags);
/* The leaf itself, O_PATH; owned. -ENOENT also if the one that has its name is not ours. */
must_check int cgdir_leaf(const struct cgroup_dir *dir);
/* path below the leaf; owned. */
must_check int cgdir_open_in(const struct cgroup_dir *dir, const char *path, int flags);
/* 1: name in parent is our leaf, or, if the leaf is not made, is there; 0: not; or -errno. */
must_check int cgdir_is_leaf(const struct cgroup_dir *dir, int parent, const char *name);
/* The parent of the leaf (O_PATH, owned) and the leaf's own name (arena). -EINVAL for a path
 * that is no leaf: "/", or one with "..". */
must_check int cgdir_parent(const struct cgroup_dir *dir, const char **ret_name);
/* Whether path is the absolute path of a leaf: not "/", no "." or "..", nothing empty. */
bool cgdir_is_leaf_path(const char *path);

/* path below base by openat2, never out of it, through no link and no mount; "" is base itself;
 * owned. */
must_check int cgdir_below(int base, const char *path, int flags);
/* Reporting: "cannot WHAT cgroup PATH in HIERARCHY", and why by r, -errno of a function here. */
must_check int cgdir_fail(const struct cgroup_dir *dir, int r, const char *what);
/* Whether this -errno says that a cgroup has been removed: ENOENT, or ENODEV from one of its files
 * that is open. */
bool cgdir_is_gone(int r);

/* The content of file in dirfd without the newline at its end; arena. */
must_check int cgdir_read(int dirfd, const char *file, struct text *ret);
/* One write of value to file in dirfd; file is one name (-EINVAL if not). */
must_check int cgdir_write(int dirfd, const char *file, const char *value);
/* The number behind "key " on a line of its own in text, e.g. "oom_kill 3"; -ENODATA. */
must_check int64_t cgdir_keyed(const char *text, const char *key);
/* Whether word is one of those in list, which stand between characters of separators. */
bool cgdir_has_word(const char *list, const char *separators, const char *word);

/* The directory in cgroup whose v1 hierarchy has this controller, or NULL. */
const struct cgroup_dir *cgdir_find_v1(const struct cgroup *cgroup, const char *controller);
/* The v2 one, or NULL. */
const struct cgroup_dir *cgdir_find_v2(const struct cgroup *cgroup);

/* Lets time pass where cgroup v1 has no event to wait for: 0.1 ms at first, then doubling up
 * to 10 ms, never beyond deadline. False: the deadline has passed. */
bool cgdir_back_off(unsigned int *tries, int64_t deadline);

#endif
