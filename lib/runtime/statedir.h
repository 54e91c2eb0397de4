/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state directory of a container: <root>/<id>/, mode 0700.
 *
 * It is made before the first resource of a container and removed after the last. A command that
 * changes a container holds its lock, a flock(2) on the directory. The kernel releases the lock
 * when the holder ends. So "locked and creating" is a create at work, and "unlocked and creating"
 * is one that crashed.
 */
#ifndef RUNTIME_STATEDIR_H
#define RUNTIME_STATEDIR_H

#include "base/base.h"

/*
 * Checks the id: 1 to 255 characters of [A-Za-z0-9_+.-], not starting with '-' or '.'. Reporting.
 */
must_check int statedir_check_id(const char *id);
/*
 * Returns the default of --root: /run/tamis, or a directory below XDG_RUNTIME_DIR for a user who is
 * not root on the host. An empty XDG_RUNTIME_DIR counts as unset, because conmon sets it so. In the
 * arena; NULL if there is none.
 */
const char *statedir_default_root(void);
/*
 * Opens root. With `make` it is made if missing, with its parents. Otherwise -ENOENT is returned
 * without a recorded error. Reporting for all other errors.
 */
must_check int statedir_open_root(const char *root, bool make);
/*
 * Makes the directory id and takes its lock. An existing directory of ours without a record, left
 * by a command that was killed, is emptied and used. Any other existing one is the error "container
 * with that id already exists". Reporting.
 */
must_check int statedir_make(int root, const char *id);
/*
 * Opens the directory id, which must belong to our user. -ENOENT without a recorded error if there
 * is none. Reporting for all other errors.
 */
must_check int statedir_open(int root, const char *id);
/*
 * Takes the lock of an opened directory, waiting at most timeout_ms (0: not at all). Returns -EBUSY
 * if it stays locked, -ENOENT if the container was deleted in the meantime. Silent.
 */
must_check int statedir_lock(int root, const char *id, int dir, int timeout_ms);
/*
 * Identifies the directory during this boot, independent of its name. The claim on a cgroup names
 * its container by this. In the arena.
 */
const char *statedir_identity(int dir);
/* Whether any process holds the lock. Never waits. */
bool statedir_is_locked(int dir);
/*
 * Whether a directory without a record is one of ours, which a create has just made or left: all
 * its files have names that tamis writes. Another runtime's directory is not.
 */
bool statedir_is_ours(int dir);
/*
 * Removes the files in dir (one level, by name, the record last, following no links) and the
 * directory. Absent files are no error. Reporting.
 */
must_check int statedir_remove(int root, const char *id, int dir);
/*
 * Returns the ids below root, sorted, in the arena. Directories that are not containers of ours are
 * skipped, because engines keep those of several runtimes in one root. Reporting.
 */
must_check int statedir_list(int root, const char *const **ret, size_t *ret_n);

#endif
