/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the lists of processes. What must hold: every process of the container is found, whatever
 * cgroups the container has made, in memory that does not grow with the number of cgroups.
 */
#include "cgroup/pids.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Returns 1 if the buffer has more data, 0 at the end, or -errno. */
static int fill(struct pids_file *f)
{
	ssize_t n;

	while ((n = read(f->fd, f->buf, sizeof(f->buf))) < 0 && errno == EINTR)
		;
	if (n < 0)
		return -errno;
	f->at = 0;
	f->n = (size_t)n;
	return n > 0;
}

int pids_open(int cgroup, const char *file, struct pids_file *ret)
{
	ret->fd = openat(cgroup, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int r = ret->fd < 0 ? -errno : fill(ret);

	if (r < 0)
		pids_close(ret);
	return r < 0 ? r : 0;
}

int pids_next(struct pids_file *f, pid_t *ret)
{
	pid_t pid = 0;

	for (;;) {
		int r = f->at < f->n ? 1 : fill(f);

		if (r <= 0)
			return r;
		char c = f->buf[f->at++];

		if (c >= '0' && c <= '9') {
			pid = pid * 10 + (c - '0');
		} else if (pid > 0) {
			*ret = pid;
			return 1;
		}
	}
}

void pids_close(struct pids_file *f)
{
	fd_close(&f->fd);
}

struct pid_set pids_set_make(void)
{
	return (struct pid_set){ arena_array(SYS_PIDS / 64, sizeof(uint64_t)) };
}

bool pids_set_has(const struct pid_set *set, pid_t pid)
{
	return pid > 0 && pid < SYS_PIDS && set->words[pid / 64] >> (pid % 64) & 1;
}

bool pids_set_add(const struct pid_set *set, pid_t pid)
{
	if (pid <= 0 || pid >= SYS_PIDS || pids_set_has(set, pid))
		return false;
	set->words[pid / 64] |= 1ULL << (pid % 64);
	return true;
}

int pids_walk(struct tree *tree, int *ret_cgroup, struct pids_file *ret)
{
	int r;

	while ((r = tree_next(tree, ret_cgroup)) > 0) {
		r = pids_open(*ret_cgroup, "cgroup.procs", ret);
		if (r != -EOPNOTSUPP && !cgdir_is_gone(r))
			return r < 0 ? r : 1;
	}
	return r;
}

/* Adds the processes of one leaf and below. */
static int add_tree(const struct cgroup_dir *dir, const struct pid_set *set)
{
	autotree tree = { 0 };
	autopids list = { .fd = -1 };
	int cgroup, r = tree_open(dir, &tree);
	pid_t pid;

	while (r >= 0 && (r = pids_walk(&tree, &cgroup, &list)) > 0) {
		while ((r = pids_next(&list, &pid)) > 0)
			(void)pids_set_add(set, pid);
		pids_close(&list);
		r = cgdir_is_gone(r) ? 0 : r;
	}
	return r == -ENOENT ? 0 : r;
}

int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n)
{
	struct arena_mark mark = arena_mark();
	struct pid_set set = pids_set_make();
	size_t n = 0;
	pid_t *pids;

	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int r = dir->made ? add_tree(dir, &set) : 0;

		if (r < 0)
			return cgdir_fail(dir, r, "list the processes of");
	}
	for (size_t i = 0; i < SYS_PIDS / 64; i++)
		n += (size_t)__builtin_popcountll(set.words[i]);
	pids = arena_array(n ? n : 1, sizeof(*pids));
	n = 0;
	for (size_t i = 0; i < SYS_PIDS / 64; i++)
		for (uint64_t left = set.words[i]; left; left &= left - 1)
			pids[n++] = (pid_t)(i * 64) + __builtin_ctzll(left);
	*ret = arena_release(mark, pids, n * sizeof(*pids));
	*ret_n = n;
	return 0;
}
