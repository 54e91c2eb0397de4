/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns who is inside and how they are signalled. What must hold: no signal reaches a process
 * that is not in the container's cgroups, though pids are reused: a process is signalled by a
 * pidfd that was opened before its pid was seen inside once more. Nothing forks away from a
 * SIGKILL: v2 has cgroup.kill, v1 is frozen meanwhile and always thawed after.
 */
#include "cgroup/cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "cgroup/dir.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 128, KILL_PASSES = 16, FREEZE_MS = 200 };

struct pids {
	size_t n, size;
	pid_t *v;
};

static int by_value(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* Adds the numbers in text. 0 is a process outside our PID namespace: to kill(2) it would
 * mean ourselves. */
static void add_pids(struct pids *pids, const char *text)
{
	for (const char *p = text; *p;) {
		pid_t pid = 0;

		for (; *p >= '0' && *p <= '9'; p++)
			pid = pid * 10 + (*p - '0');
		p += *p != 0;
		if (pid == 0)
			continue;
		if (pids->n == pids->size) {
			size_t size = pids->size ? 2 * pids->size : 64;
			pid_t *v = arena_array(size, sizeof(*v));

			if (pids->n)
				memcpy(v, pids->v, pids->n * sizeof(*v));
			pids->v = v;
			pids->size = size;
		}
		pids->v[pids->n++] = pid;
	}
}

/* One leaf and below. A threaded cgroup of v2 shows its processes at the domain above it. */
static int add_tree(const struct cgroup_dir *dir, struct pids *pids)
{
	autotree tree = { 0 };
	int r = cgdir_tree_open(dir, &tree);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (size_t i = 0; i < tree.n; i++) {
		autofd fd = cgdir_node_open(&tree.v[i]);
		struct text text;

		r = fd < 0 ? fd : cgdir_read(fd, "cgroup.procs", &text);
		if (r == 0)
			add_pids(pids, text.data);
		else if (r != -ENOENT && r != -ENODEV && r != -EOPNOTSUPP)
			return r;
	}
	return 0;
}

int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n)
{
	struct pids pids = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int r = dir->made ? add_tree(dir, &pids) : 0;

		if (r < 0)
			return fail(-r, "cannot list the processes of cgroup %s in %s", dir->path,
				    dir->name);
	}
	if (pids.n)
		qsort(pids.v, pids.n, sizeof(*pids.v), by_value);
	for (size_t i = 0; i < pids.n; i++)
		if (n == 0 || pids.v[n - 1] != pids.v[i])
			pids.v[n++] = pids.v[i];
	*ret = pids.v;
	*ret_n = n;
	return 0;
}

/* Signals these n <= BATCH, opened first and then looked for inside again. */
static int signal_batch(const struct cgroup *cgroup, const pid_t *pids, size_t n, int sig)
{
	int fds[BATCH], r, failed = 0;
	pid_t *inside = NULL;
	size_t n_inside = 0;

	for (size_t i = 0; i < n; i++) {
		fds[i] = sys_pidfd_open(pids[i], 0);
		if (fds[i] < 0 && errno != ESRCH && !failed)
			failed = errno;
	}
	r = cgroup_pids(cgroup, &inside, &n_inside);
	for (size_t i = 0; i < n; i++) {
		if (r == 0 && fds[i] >= 0 && n_inside &&
		    bsearch(&pids[i], inside, n_inside, sizeof(*inside), by_value) &&
		    sys_pidfd_send_signal(fds[i], sig) < 0 && errno != ESRCH && !failed)
			failed = errno;
		fd_close(&fds[i]);
	}
	if (r == 0 && failed)
		return fail(failed, "cannot send signal %d to the container's processes", sig);
	return r;
}

/* All who are inside now; their pids in *ret. */
static int signal_all(const struct cgroup *cgroup, int sig, pid_t **ret, size_t *ret_n)
{
	int r = cgroup_pids(cgroup, ret, ret_n);

	for (size_t i = 0; r == 0 && i < *ret_n; i += BATCH)
		r = signal_batch(cgroup, *ret + i, *ret_n - i < BATCH ? *ret_n - i : BATCH, sig);
	return r;
}

/* The payload may have frozen cgroups of its own below: all of them are thawed. */
static int thaw_tree(const struct cgroup_dir *dir)
{
	autotree tree = { 0 };
	int r = cgdir_tree_open(dir, &tree);

	for (size_t i = 0; r == 0 && i < tree.n; i++) {
		autofd fd = cgdir_node_open(&tree.v[i]);

		r = fd < 0 ? fd : cgdir_write(fd, "freezer.state", "THAWED");
		if (r == -ENOENT || r == -ENODEV)
			r = 0;
	}
	if (r < 0 && r != -ENOENT)
		return fail(-r, "cannot thaw cgroup %s in %s", dir->path, dir->name);
	return 0;
}

/*
 * v1: frozen, nobody forks, so one pass gets all. If the freezer does not get them all to
 * stand still in time (or there is none), passes go on until no pid is new.
 */
static int kill_v1(const struct cgroup *cgroup)
{
	const struct cgroup_dir *freezer = cgdir_find_v1(cgroup, "freezer");
	pid_t *last = NULL;
	size_t n_last = 0;

	if (freezer && !freezer->made)
		freezer = NULL;
	for (int pass = 0; pass < KILL_PASSES; pass++) {
		pid_t *pids = NULL;
		size_t n = 0, fresh = 0;
		bool frozen = freezer && cgroup_freeze(cgroup, true, FREEZE_MS) == 0;

		if (freezer && !frozen)
			err_clear();
		int r = signal_all(cgroup, SIGKILL, &pids, &n);

		if (freezer) {
			int t = thaw_tree(freezer);

			r = r < 0 ? r : t;
		}
		if (r < 0 || frozen)
			return r;
		for (size_t i = 0; i < n; i++)
			fresh += !n_last ||
				 !bsearch(&pids[i], last, n_last, sizeof(*last), by_value);
		if (fresh == 0)
			return 0;
		last = pids;
		n_last = n;
	}
	return 0; /* cgroup_remove goes on with those who are left */
}

static int kill_v2(const struct cgroup_dir *dir)
{
	autofd leaf = cgdir_leaf(dir);
	int r = leaf < 0 ? leaf : cgdir_write(leaf, "cgroup.kill", "1");

	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return fail(-r, "cannot kill the processes of cgroup %s in %s", dir->path,
			    dir->name);
	return 0;
}

int cgroup_kill(const struct cgroup *cgroup, int sig)
{
	const struct cgroup_dir *v2 = cgdir_find_v2(cgroup);
	pid_t *pids = NULL;
	size_t n = 0;

	if (sig != SIGKILL)
		return signal_all(cgroup, sig, &pids, &n);
	if (v2 && v2->made) {
		int r = kill_v2(v2);

		if (r < 0 || cgroup->n == 1)
			return r;
	}
	return kill_v1(cgroup);
}
