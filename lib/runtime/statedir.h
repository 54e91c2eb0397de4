/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state directory of a container: <root>/<id>/, mode 0700. It is made before the first resource
 * of a container, removed after the last. Whoever changes a container holds its lock (flock on the
 * directory); the kernel drops it when the holder dies, so "locked and creating" is a create in
 * progress and "unlocked and creating" is one that crashed.
 */
#ifndef RUNTIME_STATEDIR_H
#define RUNTIME_STATEDIR_H

#include "base/base.h"

/* Whether id is one we take: 1 to 255 of [A-Za-z0-9_+.-], not starting with '-' or '.'.
 * Reporting. */
must_check int statedir_check_id(const char *id);
/* The default --root: /run/tamis, or below XDG_RUNTIME_DIR for who is not root on the host
 * (set but empty counts as unset: conmon sets it so). Arena; NULL if there is none. */
const char *statedir_default_root(void);
/* Opens root, made with its parents if `make`. -ENOENT silently if it is not there and not to
 * be made; reporting otherwise. */
must_check int statedir_open_root(const char *root, bool make);
/* Makes id and takes its lock; one of ours without a record, which a command that died left, is
 * emptied and used. "container with that id already exists" if it is there. Reporting. */
must_check int statedir_make(int root, const char *id);
/* Opens id, which must be our own. -ENOENT silently if there is none. Reporting otherwise. */
must_check int statedir_open(int root, const char *id);
/* Takes the lock of an opened id, waiting up to timeout_ms (0: not at all). -EBUSY silently if
 * it stays taken; -ENOENT silently if the container was deleted meanwhile. */
must_check int statedir_lock(int root, const char *id, int dir, int timeout_ms);
/* Which directory of this boot it is, whatever its name: what a cgroup's claim names its container
 * by. Arena. */
const char *statedir_identity(int dir);
/* Whether somebody holds the lock. Never waits. */
bool statedir_is_locked(int dir);
/* Whether a directory without a record is one of ours that a create has just made or left: it
 * holds nothing that tamis does not write. Another runtime's is not. */
bool statedir_is_ours(int dir);
/* Removes the files in dir, one level and by name, the record last, following nothing, and the
 * directory. Absent is done. Reporting. */
must_check int statedir_remove(int root, const char *id, int dir);
/* The ids below root, sorted; arena. What is no container of ours is passed over: engines
 * keep those of several runtimes in one root. Reporting. */
must_check int statedir_list(int root, const char *const **ret, size_t *ret_n);

#endif
