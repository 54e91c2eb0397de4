/* SPDX-License-Identifier: Apache-2.0 */
#include "observe/perf_cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "cgroup/find.h"
#include "cgroup/pids.h"
#include "channel/procfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "mnt:[4026531841]" */
static int read_mount_ns(int proc, pid_t pid, uint64_t *ret)
{
	static const char prefix[] = "mnt:[";
	const char *end;
	char text[64];
	ssize_t n = readlinkat(proc, arena_printf("%d/ns/mnt", pid), text, sizeof(text) - 1);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return -EINVAL;
	return num_scan_u64(text + sizeof(prefix) - 1, &end, ret);
}

static bool is_alone(const struct cgroup *cgroup, pid_t pid)
{
	size_t n = 0;
	pid_t *pids;

	if (cgroup_pids(cgroup, &pids, &n) < 0) {
		err_clear();
		return false;
	}
	return n == 1 && pids[0] == pid;
}

int perf_cgroup_find(pid_t pid, int init, struct perf_cgroup *ret)
{
	autofd proc = procfs_open();
	struct cgroup *cgroup = arena_alloc(sizeof(*cgroup));
	uint64_t mount_ns;

	if (proc < 0) {
		err_clear();
		return proc;
	}
	autofd dir = cgroup_find(proc, pid, "perf_event", cgroup);
	int r = dir < 0 ? dir : read_mount_ns(proc, pid, &mount_ns);

	if (r >= 0 && !is_alone(cgroup, pid))
		r = -EBUSY;
	if (r < 0)
		return r;
	*ret = (struct perf_cgroup){ take_fd(&dir), pid, init, mount_ns, false, cgroup };
	return 0;
}

int perf_cgroup_of(const struct cgroup *leaves, pid_t pid, int init, struct perf_cgroup *ret)
{
	autofd proc = procfs_open();
	struct cgroup *cgroup = arena_alloc(sizeof(*cgroup));
	uint64_t mount_ns;

	if (proc < 0) {
		err_clear();
		return proc;
	}
	autofd dir = cgroup_find_leaf(leaves, "perf_event", cgroup);
	int r = dir < 0 ? dir : read_mount_ns(proc, pid, &mount_ns);

	if (r < 0)
		return r;
	*ret = (struct perf_cgroup){ take_fd(&dir), pid, init, mount_ns, false, cgroup };
	return 0;
}

bool perf_cgroup_is_alive(const struct perf_cgroup *cgroup)
{
	struct arena_mark mark = arena_mark();
	pid_t *pids;
	size_t n = 0;

	if (cgroup->dir < 0 || cgroup->init >= 0)
		return true;
	if (cgroup_pids(cgroup->cgroup, &pids, &n) < 0)
		err_clear();
	arena_release(mark, NULL, 0);
	return n;
}
