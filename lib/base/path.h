/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths below an open directory.
 *
 * The kernel resolves every path inside that directory (openat2(2) with RESOLVE_IN_ROOT and
 * RESOLVE_NO_MAGICLINKS). No path is resolved as text, and there is no fallback if openat2(2)
 * fails. All silent: they return a descriptor or 0, or -errno. Example:
 *
 *     autofd dev = path_make_dir(box->root, "/dev/shm", 0755);
 *     autofd passwd = path_open(box->root, "/etc/passwd", O_RDONLY | O_NOCTTY);
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/base.h"

#include <sys/types.h>

/*
 * Opens path as if root were "/". Symbolic links and ".." stay inside. flags are those of open(2).
 */
must_check int path_open(int root, const char *path, int flags);
/*
 * As path_open(), but any symbolic link in the path is -ELOOP. For targets such as /proc and /sys
 * (CVE-2019-19921, CVE-2023-27561).
 */
must_check int path_open_nolinks(int root, const char *path, int flags);
/*
 * Opens with O_PATH the directory path below root, and creates missing directories with mode.
 * Symbolic links are followed inside root. If one leads to a missing directory, that is created
 * where the link leads inside root (images have /etc/resolv.conf -> /run/...), never on the host
 * (CVE-2019-18837). Each component is created by mkdirat(2) and opened again without following
 * links.
 */
must_check int path_make_dir(int root, const char *path, mode_t mode);
/*
 * Opens with O_PATH the file path. If it does not exist, an empty regular file is created (O_EXCL,
 * mode 0644 minus umask); missing parents get mode 0755.
 */
must_check int path_make_file(int root, const char *path);
/*
 * Opens with O_PATH the parent directory of path inside root, created with mode 0755 if missing.
 * *ret_name is the last component, in the arena. Returns -EINVAL if that is empty, "." or "..".
 */
must_check int path_make_parent(int root, const char *path, const char **ret_name);

/* Makes dir the working directory. Returns the previous one, for fchdir(2). */
must_check int path_enter(int dir);

/* Whether p is absolute and shorter than PATH_MAX. */
bool path_is_absolute(const char *p);
/* Whether a component of p is "..", as text. */
bool path_has_dot_dot(const char *p);
/*
 * Returns p without "//" and ".", and with ".." removed textually, never above "/". For plans and
 * messages only. p must be absolute. In the arena.
 */
char *path_clean(const char *p);
/*
 * Returns p if it is absolute, else base (absolute) and p joined, cleaned by path_clean(). In the
 * arena.
 */
char *path_join(const char *base, const char *p);

#endif
