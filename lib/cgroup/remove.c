/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the removal of the leaves. What must hold: success is never reported while a process of the
 * container lives. Every wait ends. An error says which process is left and what it waits for. In
 * the common case, when all processes have ended, this takes one rmdir(2) per hierarchy.
 */
#include "cgroup/remove.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/sys.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"
#include "cgroup/claim.h"
#include "cgroup/kill.h"
#include "cgroup/pids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WATCHED = 32,
	PATIENCE_MS = 100, /* wait for the processes of one cgroup, before all are killed again */
	/* limit of the whole removal, as a multiple of the time allowed without progress */
	LONGEST = 60,
	SYSTEMD_MS = 2000, /* for systemd, to notice that a cgroup is empty */
};

struct removal {
	const struct cgroup *cgroup;
	int timeout_ms;
	int64_t killed; /* when SIGKILL was last sent to all; 0: never */
	int64_t last;	/* when a cgroup was last removed */
	/* end of the whole removal, because another process may keep making cgroups */
	int64_t deadline;
	unsigned int tries;
};

static void note_progress(struct removal *rm)
{
	rm->last = sys_now_ms();
	rm->tries = 0;
}

/* The time at which the removal has failed. */
static int64_t end_of(const struct removal *rm)
{
	int64_t t = rm->last + rm->timeout_ms;

	return t < rm->deadline ? t : rm->deadline;
}

/* The time until which to wait for the processes of one cgroup before all are killed again. */
static int64_t patience(const struct removal *rm)
{
	int64_t t = (rm->killed > rm->last ? rm->killed : rm->last) + PATIENCE_MS;

	return t < end_of(rm) ? t : end_of(rm);
}

/*
 * Waits until the first processes of one cgroup have ended, or a short time if none is visible. A
 * task that has ended can keep a cgroup busy for a moment, and v1 has no event for that.
 */
static int wait_for_exit(int cgroup, struct removal *rm)
{
	int64_t until = patience(rm);
	autopids list = { .fd = -1 };
	int r = pids_open(cgroup, "cgroup.procs", &list);
	bool waited = false;
	pid_t pid;

	for (int n = 0; r == 0 && n < WATCHED && pids_next(&list, &pid) > 0; n++) {
		autofd fd = identity_pidfd(pid);
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - sys_now_ms();

		/* For a process that has ended but is still listed, poll() returns at once. */
		if (fd < 0 || left <= 0 || poll(&p, 1, 0) != 0)
			continue;
		(void)poll(&p, 1, (int)left);
		waited = true;
	}
	if (waited && sys_now_ms() < until)
		return 0;
	return cgdir_back_off(&rm->tries, until) ? 0 : -EBUSY;
}

/*
 * Removes the children of dir that have neither children nor processes. Returns 1 and an open child
 * that could not be removed, or 0 if none is left. *ret_n is the number of children found.
 */
static int remove_children(int dir, struct removal *rm, int *ret_child, size_t *ret_n)
{
	struct tree_level level = { .fd = dir };
	const struct dirent64 *d;
	size_t n;

	*ret_n = 0;
	/*
	 * repeated until one pass finds nothing, because directory offsets are not stable during
	 * removal
	 */
	do {
		n = 0;
		level.at = level.n = 0;
		if (lseek(dir, 0, SEEK_SET) < 0)
			return -errno;
		for (; (d = tree_entry(&level)); n++) {
			if (unlinkat(dir, d->d_name, AT_REMOVEDIR) == 0) {
				note_progress(rm);
				continue;
			}
			if (errno == ENOENT)
				continue;
			if (errno != EBUSY)
				return -errno;
			*ret_child = tree_child(dir, d->d_name);
			if (!cgdir_is_gone(*ret_child))
				return *ret_child < 0 ? *ret_child : 1;
		}
		*ret_n += n;
	} while (level.error == 0 && n > 0 && sys_now_ms() < rm->deadline);
	return level.error == 0 && n > 0 ? -EBUSY : level.error;
}

/*
 * Removes everything below the leaf, the deepest cgroups first. Nothing is remembered on the way
 * down: after going back up, a child that could not be removed before is now empty. Returns -EBUSY
 * if a cgroup has processes that do not end, or is busy for an unknown reason.
 */
static int remove_below(const struct cgroup_dir *dir, struct removal *rm)
{
	autofd leaf = cgdir_leaf(dir);
	autofd at = leaf < 0 ? leaf : tree_child(leaf, ".");
	size_t depth = 0, n;
	int r = at, next = -1;

	while (r >= 0) {
		r = remove_children(at, rm, &next, &n);
		if (r > 0) {
			depth++;
		} else if (r == 0 && depth == 0) {
			return 0;
		} else if (r == 0) {
			if (n == 0) /* it could not be removed because of its processes */
				r = wait_for_exit(at, rm);
			next = openat(at, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			if (next < 0)
				return -errno;
			depth--;
		} else {
			break;
		}
		fd_close(&at);
		at = next;
	}
	return cgdir_is_gone(r) ? 0 : r;
}

/* Removes the leaf. Returns 0 if it is gone, -EBUSY if processes or children are in it. */
static int remove_leaf(const struct cgroup_dir *dir)
{
	const char *name;
	autofd parent = cgdir_parent(dir, &name);

	if (parent < 0)
		return parent == -ENOENT ? 0 : parent;
	int r = cgdir_is_leaf(dir, parent, name);

	if (r <= 0) /* gone, or now another container's */
		return r;
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return -errno;
}

/* Whether a cgroup of v2 exists and has no process, also below it. */
static bool is_empty(int leaf)
{
	struct text events;

	return io_read_file(leaf, "cgroup.events", 4096, &events) >= 0 &&
	       strstr(events.data, "populated 0");
}

/*
 * Gives systemd time to remove the leaf of a scope of its own accord, when it is told that it is
 * empty. It ignores that event if the leaf is gone by the time it looks (systemd 252), and the
 * scope would stay active if systemd cannot be asked to stop it.
 */
static void leave_to_systemd(const struct cgroup_dir *dir, const struct cgroup *cgroup)
{
	autofd leaf = cgroup->scope.unit ? cgdir_leaf(dir) : -1;
	int64_t until = sys_now_ms() + SYSTEMD_MS;
	unsigned int tries = 0;

	while (leaf >= 0 && is_empty(leaf) && cgdir_back_off(&tries, until))
		;
}

int cgroup_remove_empty_leaf(const struct cgroup_dir *dir)
{
	struct removal rm = { 0 };
	int r = remove_leaf(dir);

	if (r != -EBUSY)
		return r;
	note_progress(&rm);
	r = remove_below(dir, &rm);
	return r < 0 ? r : remove_leaf(dir);
}

/*
 * Decides about a leaf that the record does not call ours, because the create died before saving it
 * or the record is damaged. With our claim it is ours. Without any claim it was left by a create
 * that died between mkdir(2) and the claim, or existed before. Returns 0 if nothing is to be
 * removed. Silent.
 */
static int recognize(struct cgroup_dir *dir, const struct cgroup_owner *owner)
{
	autofd leaf = cgdir_open_in(dir, "", O_RDONLY | O_DIRECTORY);
	struct cgroup_owner claim;
	struct stat st;

	if (leaf < 0)
		return cgdir_is_gone(leaf) ? 0 : leaf;
	if (fstat(leaf, &st) < 0)
		return -errno;
	int r = claim_read(leaf, &claim);

	if (r == -ENODATA)
		return st.st_ino != dir->inode;
	if (r < 0)
		return r;
	dir->made = claim_is_of(&claim, owner);
	dir->inode = st.st_ino;
	return dir->made;
}

static const char *status_word(const char *status, const char *key)
{
	const char *word = identity_status_field(status, key);

	return word ? word : "?";
}

static int report_left(const struct cgroup *cgroup, const struct cgroup_dir *dir, int timeout_ms)
{
	struct text status, wchan;
	pid_t *pids;
	size_t n;
	int r = cgroup_pids(cgroup, &pids, &n);

	if (r < 0)
		return r;
	if (n == 0)
		return fail(EBUSY,
			    "cannot remove cgroup %s in %s after %d ms, although no process is "
			    "visible in it",
			    dir->path, dir->name, timeout_ms);
	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/status", pids[0]), 65536, &status) < 0)
		status.data = arena_strdup("");
	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/wchan", pids[0]), 4096, &wchan) < 0 ||
	    !wchan.len)
		wchan.data = arena_strdup("?");
	return fail(EBUSY,
		    "cannot remove cgroup %s in %s: after %d ms %zu processes are left, first "
		    "pid %d (%s), state %s, in %s",
		    dir->path, dir->name, timeout_ms, n, pids[0], status_word(status.data, "Name"),
		    status_word(status.data, "State"), wchan.data);
}

static int kill_all(struct removal *rm)
{
	bool first = !rm->killed;
	int r = first || sys_now_ms() >= rm->killed + PATIENCE_MS ? cgroup_kill(rm->cgroup, SIGKILL)
								  : 1;

	if (r == 0)
		rm->killed = sys_now_ms();
	if (r == 0 && first)
		note_progress(rm); /* a walk over many cgroups takes time */
	return r < 0 ? r : 0;
}

/* Removes a busy leaf: kills its processes, removes what is below it, then the leaf. */
static int remove_busy(const struct cgroup_dir *dir, struct removal *rm)
{
	for (;;) {
		int r = kill_all(rm);

		if (r < 0)
			return r;
		r = remove_below(dir, rm);
		if (r == 0) {
			leave_to_systemd(dir, rm->cgroup);
			r = remove_leaf(dir);
		}
		if (r == 0) {
			note_progress(rm);
			return 0;
		}
		if (r != -EBUSY)
			return cgdir_fail(dir, r, "remove");
		if (sys_now_ms() >= end_of(rm))
			return report_left(rm->cgroup, dir, rm->timeout_ms);
		autofd leaf = cgdir_leaf(dir);

		if (leaf >= 0 && wait_for_exit(leaf, rm) < 0)
			continue; /* all are killed again */
	}
}

int cgroup_remove(const struct cgroup *cgroup, int timeout_ms)
{
	struct cgroup all = *cgroup;
	struct removal rm = { .cgroup = &all, .timeout_ms = timeout_ms };
	int ours[PLAN_HIERARCHIES] = { 0 }, first = 0;

	/* all leaves are identified first, because emptying one ends the processes of all */
	for (size_t i = 0; i < all.n; i++)
		ours[i] = all.v[i].made ? 1 : recognize(&all.v[i], &all.owner);
	note_progress(&rm);
	rm.deadline = rm.last + (int64_t)timeout_ms * LONGEST;
	for (size_t i = all.n; i-- > 0;) {
		const struct cgroup_dir *dir = &all.v[i];
		int r = ours[i];

		if (r > 0) {
			leave_to_systemd(dir, &all);
			r = remove_leaf(dir);
		}

		if (r == -EBUSY && !dir->made)
			continue; /* used by others: ours would be empty */
		if (r == -EBUSY)
			r = remove_busy(dir, &rm);
		else if (r < 0)
			r = cgdir_fail(dir, r, "remove");
		if (r < 0 && first == 0)
			first = r;
	}
	return first;
}
