/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths below a directory that we hold. The kernel resolves every one, inside that directory
 * (openat2(2) RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS); nothing here joins strings, and there
 * is no way round it when openat2 fails. All silent: a descriptor or 0, or -errno.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/base.h"

#include <sys/types.h>

/* Opens path as if root were "/"; symbolic links and ".." stay inside. flags: open(2)'s. */
must_check int path_open(int root, const char *path, int flags);
/* The same, but any symbolic link on the way is -ELOOP: for targets like /proc and /sys
 * (CVE-2019-19921, CVE-2023-27561). */
must_check int path_open_nolinks(int root, const char *path, int flags);
/*
 * Opens (O_PATH) the directory path below root, making what is missing with mode. Symbolic
 * links are followed inside root; behind one that leads to nothing, what is missing is made where
 * it leads inside root (images have /etc/resolv.conf -> /run/...; never on the host:
 * CVE-2019-18837). mkdirat and reopen without links, component by component.
 */
must_check int path_make_dir(int root, const char *path, mode_t mode);
/* Opens (O_PATH) the last part of path, an empty regular file made (O_EXCL, 0644 by the
 * umask) if nothing was there; missing parents are made 0755. */
must_check int path_make_file(int root, const char *path);
/* Opens (O_PATH) the parent directory of path inside root, made 0755 where missing, and
 * gives the last part in ret_name (arena). -EINVAL if the last part is empty, "." or "..". */
must_check int path_make_parent(int root, const char *path, const char **ret_name);

/* Whether p is absolute, without NUL, shorter than PATH_MAX. */
bool path_is_absolute(const char *p);
/* Whether one of its parts is "..": as text. */
bool path_has_dot_dot(const char *p);
/* Text only, for plans and messages: p without "//", "." and with ".." taken away as text,
 * never above "/". Absolute in, absolute out. Arena. */
char *path_clean(const char *p);
/* base (absolute) and p: p if it is absolute, else both joined; cleaned. Arena. */
char *path_join(const char *base, const char *p);

#endif
