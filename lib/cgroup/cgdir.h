/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories of cgroupfs, accessed by file descriptor. Only lib/cgroup includes this. All silent
 * unless said otherwise: they return a descriptor, a number or 0, or -errno.
 */
#ifndef CGROUP_DIR_H
#define CGROUP_DIR_H

#include "base/base.h"
#include "base/io.h"
#include "cgroup/cgroup.h"

#include <errno.h>

/* Files of cgroupfs are small, except a list of very many pids. */
enum { CGDIR_FILE_MAX = 1 << 22 };

/*
 * Error code for a hierarchy that is not mounted where it was. Nothing is known then about its
 * cgroups, so the code must differ from "the cgroup does not exist". No file of cgroupfs returns
 * ENXIO itself.
 */
enum { CGDIR_UNMOUNTED = ENXIO };

/*
 * Returns the O_PATH descriptor of the hierarchy mounted at mountpoint. It is opened once per
 * process and stays open; the caller must not close it. Returns -CGDIR_UNMOUNTED if there is no
 * cgroup file system of that version.
 */
must_check int cgdir_root(const char *mountpoint, bool v2);
/*
 * Opens path (of a leaf, or of a file below one) in the hierarchy of dir by openat2(2). The caller
 * closes it.
 */
must_check int cgdir_open(const struct cgroup_dir *dir, const char *path, int flags);
/*
 * Opens the leaf with O_PATH. The caller closes it. Returns -ENOENT also if the cgroup of that name
 * is not ours.
 */
must_check int cgdir_leaf(const struct cgroup_dir *dir);
/* Opens path below the leaf. The caller closes it. */
must_check int cgdir_open_in(const struct cgroup_dir *dir, const char *path, int flags);
/*
 * Returns 1 if `name` in `parent` is our leaf, or exists if the leaf has not been made yet; 0 if
 * not; or -errno.
 */
must_check int cgdir_is_leaf(const struct cgroup_dir *dir, int parent, const char *name);
/*
 * Opens the parent of the leaf with O_PATH. The caller closes it. *ret_name is the name of the
 * leaf, in the arena. Returns -EINVAL for a path that is not a leaf: "/", or one with "..".
 */
must_check int cgdir_parent(const struct cgroup_dir *dir, const char **ret_name);
/*
 * Whether path is the absolute path of a leaf: not "/", and without "", "." and ".." as components.
 */
bool cgdir_is_leaf_path(const char *path);

/*
 * Opens path below base by openat2(2), never outside, and without following symbolic links or
 * crossing mounts. "" opens base itself. The caller closes it.
 */
must_check int cgdir_below(int base, const char *path, int flags);
/*
 * Records "cannot WHAT cgroup PATH in HIERARCHY" and the reason for r, which is -errno of a
 * function of this file. Reporting.
 */
must_check int cgdir_fail(const struct cgroup_dir *dir, int r, const char *what);
/* Whether r says that a cgroup has been removed: -ENOENT, or -ENODEV from an open file of it. */
bool cgdir_is_gone(int r);

/* Reads `file` in dirfd, without the newline at its end, into the arena. */
must_check int cgdir_read(int dirfd, const char *file, struct text *ret);
/*
 * Writes value to `file` in dirfd by one write(2). Returns -EINVAL if `file` is not a single name.
 */
must_check int cgdir_write(int dirfd, const char *file, const char *value);
/* Returns the number after "key " on a line of text, for example of "oom_kill 3", or -ENODATA. */
must_check int64_t cgdir_keyed(const char *text, const char *key);
/* Whether word is an element of list, whose elements are separated by characters of separators. */
bool cgdir_has_word(const char *list, const char *separators, const char *word);

/* Returns the directory of the v1 hierarchy that has this controller, or NULL. */
const struct cgroup_dir *cgdir_find_v1(const struct cgroup *cgroup, const char *controller);
/* Returns the directory of the v2 hierarchy, or NULL. */
const struct cgroup_dir *cgdir_find_v2(const struct cgroup *cgroup);

/*
 * Waits a short time where cgroup v1 has no event to wait for: 0.1 ms at first, doubled each time
 * up to 10 ms, never beyond deadline. Returns false if the deadline has passed.
 */
bool cgdir_back_off(unsigned int *tries, int64_t deadline);

#endif
