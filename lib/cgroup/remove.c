/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the end of the leaves. What must hold: never "done" while a process of the container
 * lives, never a wait without an end, and an error that says who is left and what it waits
 * for. The common case, everybody gone, is one rmdir for each hierarchy.
 */
#include "cgroup/cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "cgroup/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { WATCHED = 64 };

/* rmdir of a child by its path below base; the parent is looked up by the kernel. */
static int remove_node(const struct cgdir_node *node)
{
	const char *slash = strrchr(node->path, '/');
	struct cgdir_node up = { node->base,
				 slash ? arena_memdup(node->path, (size_t)(slash - node->path))
				       : "" };
	autofd parent = cgdir_node_open(&up);

	if (parent < 0)
		return parent;
	return unlinkat(parent, slash ? slash + 1 : node->path, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* Removes all below the leaf, children first. Silent; what is busy stays. */
static void remove_below(const struct cgroup_dir *dir)
{
	autotree tree = { 0 };

	if (cgdir_tree_open(dir, &tree) < 0)
		return;
	for (size_t i = tree.n; i-- > 1;)
		if (remove_node(&tree.v[i]) < 0)
			continue; /* the rmdir of the leaf will say so */
}

/* 0: gone; -EBUSY: processes or children are in it. */
static int remove_leaf(const struct cgroup_dir *dir)
{
	const char *name;
	autofd parent = cgdir_parent(dir, &name);

	if (parent < 0)
		return parent == -ENOENT ? 0 : parent;
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return -errno;
}

/* Waits until one of the first processes inside ends, or a little if none is to be seen: a
 * task that has ended can be busy for a moment more, and v1 has no event for its end. */
static int wait_for_exit(const struct cgroup *cgroup, unsigned int *tries, int64_t deadline)
{
	struct pollfd watched[WATCHED];
	nfds_t n_watched = 0;
	pid_t *pids;
	size_t n;
	int r = cgroup_pids(cgroup, &pids, &n);

	for (size_t i = 0; r == 0 && i < n && n_watched < WATCHED; i++) {
		int fd = sys_pidfd_open(pids[i], 0);

		if (fd >= 0)
			watched[n_watched++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	int64_t left = deadline - sys_now_ms();

	/* One that has ended and is listed all the same would make poll() return at once. */
	if (r == 0 && n_watched > 0 && left > 0 && poll(watched, n_watched, 0) == 0)
		(void)poll(watched, n_watched, (int)left);
	else if (r == 0)
		(void)cgdir_back_off(tries, deadline);
	while (n_watched > 0)
		close(watched[--n_watched].fd);
	return r;
}

/* The text behind key ("State:\t") in a status file, to the end of its line; arena. */
static const char *status_word(const char *status, const char *key)
{
	const char *p = strstr(status, key);

	p = p ? p + strlen(key) : "?";
	return arena_memdup(p, strcspn(p, "\n"));
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
			    "cannot remove cgroup %s in %s after %d ms, though no process is "
			    "to be seen in it",
			    dir->path, dir->name, timeout_ms);
	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/status", pids[0]), 65536, &status) < 0)
		status.data = arena_strdup("");
	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/wchan", pids[0]), 4096, &wchan) < 0 ||
	    !wchan.len)
		wchan.data = arena_strdup("?");
	return fail(EBUSY,
		    "cannot remove cgroup %s in %s: after %d ms %zu processes are left, first "
		    "pid %d (%s), state %s, in %s",
		    dir->path, dir->name, timeout_ms, n, pids[0],
		    status_word(status.data, "Name:\t"), status_word(status.data, "State:\t"),
		    wchan.data);
}

/* A busy one: ends those inside, then what is below it, then itself. */
static int remove_busy(const struct cgroup *cgroup, const struct cgroup_dir *dir, int timeout_ms,
		       int64_t deadline)
{
	unsigned int tries = 0;

	for (;;) {
		int r = cgroup_kill(cgroup, SIGKILL);

		if (r < 0)
			return r;
		remove_below(dir);
		r = remove_leaf(dir);
		if (r == 0)
			return 0;
		if (r != -EBUSY)
			return fail(-r, "cannot remove cgroup %s in %s", dir->path, dir->name);
		if (sys_now_ms() >= deadline)
			return report_left(cgroup, dir, timeout_ms);
		r = wait_for_exit(cgroup, &tries, deadline);
		if (r < 0)
			return r;
	}
}

int cgroup_remove(const struct cgroup *cgroup, int timeout_ms)
{
	int64_t deadline = sys_now_ms() + timeout_ms;
	int first = 0;

	for (size_t i = cgroup->n; i-- > 0;) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int r = remove_leaf(dir);

		if (r == -EBUSY && !dir->made)
			continue; /* somebody else's: ours would be empty */
		if (r == -EBUSY)
			r = remove_busy(cgroup, dir, timeout_ms, deadline);
		else if (r < 0)
			r = fail(-r, "cannot remove cgroup %s in %s", dir->path, dir->name);
		if (r < 0 && first == 0)
			first = r;
	}
	return first;
}
