/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how processes in the cgroups are signalled. What must hold: no signal reaches a process
 * outside the container's cgroups, although pids are reused. So a process is signalled by a pidfd
 * that was opened before its pid was seen inside a second time. No process escapes SIGKILL by
 * fork(2): v2 has cgroup.kill; v1 is frozen meanwhile and always thawed afterwards, at every level
 * that the container may have frozen.
 */
#include "cgroup/kill.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/sys.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "cgroup/pids.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

enum { BATCH = 256, KILL_PASSES = 16, FREEZE_MS = 200 };

/* State of a signal that is being sent to all processes. */
struct signalling {
	int sig;
	struct pid_set done;
	size_t n_new; /* number added to `done` in this pass */
	int failed;   /* first errno of a process that could not be signalled */
};

struct target {
	pid_t pid;
	int pidfd;
	bool inside;
};

static int by_pid(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/*
 * Opens pidfds of the next processes in the list, as many as there is room for. Returns 1 if there
 * are more.
 */
static int take_batch(struct signalling *s, const struct tree *tree, struct pids_file *list,
		      struct target *ret, size_t *ret_n)
{
	size_t n = 0;
	pid_t pid;
	int r = 1, fd = -1;

	while (n < BATCH && fd < tree->fd_limit && (r = pids_next(list, &pid)) > 0) {
		/* once each, though a process is in several hierarchies */
		if (s->sig != SIGKILL && pids_set_has(&s->done, pid))
			continue;
		fd = identity_pidfd(pid);
		if (fd >= 0)
			ret[n++] = (struct target){ pid, fd, false };
		else if (fd != -ESRCH && !s->failed)
			s->failed = -fd;
	}
	*ret_n = n;
	return r;
}

/* Marks those that are in the list a second time. */
static int find_inside(int cgroup, struct target *v, size_t n)
{
	autopids list = { .fd = -1 };
	struct target key = { 0 }, *found;
	int r = pids_open(cgroup, "cgroup.procs", &list);

	qsort(v, n, sizeof(*v), by_pid);
	while (r >= 0 && (r = pids_next(&list, &key.pid)) > 0) {
		found = bsearch(&key, v, n, sizeof(*v), by_pid);
		if (found)
			found->inside = true;
	}
	return r;
}

static void signal_target(struct signalling *s, const struct target *t)
{
	s->n_new += pids_set_add(&s->done, t->pid);
	if (sys_pidfd_send_signal(t->pidfd, s->sig) < 0 && errno != ESRCH && !s->failed)
		s->failed = errno;
}

/* Signals all processes in one cgroup. */
static int signal_list(struct signalling *s, const struct tree *tree, int cgroup,
		       struct pids_file *list)
{
	struct target v[BATCH];
	int more = 1, r = 0;
	size_t n;

	while (more > 0 && r >= 0) {
		more = take_batch(s, tree, list, v, &n);
		r = n ? find_inside(cgroup, v, n) : 0;
		for (size_t i = 0; i < n; i++) {
			/* otherwise it has moved, and is found in its new cgroup */
			if (r >= 0 && v[i].inside)
				signal_target(s, &v[i]);
			fd_close(&v[i].pidfd);
		}
	}
	r = r < 0 ? r : more;
	return cgdir_is_gone(r) ? 0 : r;
}

/* Signals the processes of one leaf and below. */
static int signal_tree(struct signalling *s, const struct cgroup_dir *dir)
{
	autotree tree = { 0 };
	int cgroup, r = tree_open(dir, &tree);

	while (r >= 0) {
		autopids list = { .fd = -1 };

		r = pids_walk(&tree, &cgroup, &list);
		if (r <= 0)
			break;
		r = signal_list(s, &tree, cgroup, &list);
	}
	return r == -ENOENT ? 0 : r;
}

/* Signals all processes that are inside now. */
static int signal_all(struct signalling *s, const struct cgroup *cgroup)
{
	s->n_new = 0;
	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int r = dir->made ? signal_tree(s, dir) : 0;

		if (r < 0)
			return cgdir_fail(dir, r, "list the processes of");
	}
	if (s->failed)
		return fail(s->failed, "cannot send signal %d to the container's processes",
			    s->sig);
	return 0;
}

/*
 * Thaws all cgroups below the leaf, because the container may have frozen them, and the leaf last:
 * as long as it is frozen nobody inside changes the tree.
 */
static int thaw_tree(const struct cgroup_dir *dir)
{
	autotree tree = { 0 };
	int cgroup, r = tree_open(dir, &tree);

	while (r >= 0 && (r = tree_next(&tree, &cgroup)) > 0) {
		r = tree.depth ? cgdir_write(cgroup, "freezer.state", "THAWED") : 0;
		if (cgdir_is_gone(r))
			r = 0;
	}
	autofd leaf = cgdir_leaf(dir);
	int l = leaf < 0 ? leaf : cgdir_write(leaf, "freezer.state", "THAWED");

	r = r < 0 ? r : l;
	if (r < 0 && !cgdir_is_gone(r))
		return cgdir_fail(dir, r, "thaw");
	return 0;
}

/*
 * On v1 processes that are frozen cannot fork, so one pass kills all of them. If the freezer does
 * not stop all in time, or is not available, passes are repeated until one finds no new pid.
 */
static int kill_v1(const struct cgroup *cgroup)
{
	const struct cgroup_dir *freezer = cgdir_find_v1(cgroup, "freezer");
	struct signalling s = { .sig = SIGKILL, .done = pids_set_make() };

	if (freezer && !freezer->made)
		freezer = NULL;
	for (int pass = 0; pass < KILL_PASSES; pass++) {
		bool frozen = freezer && cgroup_freeze(cgroup, true, FREEZE_MS) == 0;

		if (freezer && !frozen)
			err_clear();
		s.failed = 0;
		int r = signal_all(&s, cgroup);
		int t = freezer ? thaw_tree(freezer) : 0;

		r = r < 0 ? r : t;
		if (r < 0 || frozen || s.n_new == 0)
			return r;
	}
	return 0; /* cgroup_remove() continues with those that are left */
}

static int kill_v2(const struct cgroup_dir *dir)
{
	autofd leaf = cgdir_leaf(dir);
	int r = leaf < 0 ? leaf : cgdir_write(leaf, "cgroup.kill", "1");

	if (r < 0 && !cgdir_is_gone(r))
		return cgdir_fail(dir, r, "kill the processes of");
	return 0;
}

int cgroup_kill(const struct cgroup *cgroup, int sig)
{
	const struct cgroup_dir *v2 = cgdir_find_v2(cgroup);
	struct arena_mark mark = arena_mark();
	int r = 0;

	if (sig == SIGKILL && v2 && v2->made) {
		r = kill_v2(v2);
		if (r < 0 || cgroup->n == 1)
			return r;
	}
	if (sig == SIGKILL) {
		r = kill_v1(cgroup);
	} else {
		struct signalling s = { .sig = sig, .done = pids_set_make() };

		r = signal_all(&s, cgroup);
	}
	if (r == 0)
		(void)arena_release(mark, NULL, 0);
	return r;
}
