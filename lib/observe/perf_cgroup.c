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
#include <fcntl.h>
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

/* Takes over *dir. */
static int describe(int proc, int *dir, const struct cgroup *cgroup, pid_t pid, int init,
		    struct perf_cgroup *ret)
{
	uint64_t mount_ns = 0;
	int r = read_mount_ns(proc, pid, &mount_ns);

	if (r < 0)
		return r;
	*ret = PERF_CGROUP_NONE;
	/* opened now: the container may own directories that its cgroup gets later; v1 has none */
	ret->events = openat(*dir, "cgroup.events", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ret->dir = take_fd(dir);
	ret->cgroup = cgroup;
	ret->pid = pid;
	ret->init = init;
	ret->mount_ns = mount_ns;
	return 0;
}

int perf_cgroup_find(pid_t pid, int init, struct perf_cgroup *ret)
{
	autofd proc = procfs_open();
	struct cgroup *cgroup = arena_alloc(sizeof(*cgroup));

	if (proc < 0) {
		err_clear();
		return proc;
	}
	autofd dir = cgroup_find(proc, pid, "perf_event", cgroup);

	if (dir < 0)
		return dir;
	return is_alone(cgroup, pid) ? describe(proc, &dir, cgroup, pid, init, ret) : -EBUSY;
}

int perf_cgroup_of(const struct cgroup *leaves, pid_t pid, int init, struct perf_cgroup *ret)
{
	autofd proc = procfs_open();
	struct cgroup *cgroup = arena_alloc(sizeof(*cgroup));

	if (proc < 0) {
		err_clear();
		return proc;
	}
	autofd dir = cgroup_find_leaf(leaves, "perf_event", cgroup);

	return dir < 0 ? dir : describe(proc, &dir, cgroup, pid, init, ret);
}

/* Errors say nothing about processes, but for that of a cgroup that was removed (ENODEV). */
static bool is_populated(int events)
{
	char text[256];
	ssize_t n = pread(events, text, sizeof(text) - 1, 0);

	if (n < 0)
		return errno != ENODEV;
	text[n] = '\0';
	return !strstr(text, "populated 0");
}

static bool has_processes(const struct cgroup *cgroup)
{
	struct arena_mark mark = arena_mark();
	pid_t *pids;
	size_t n = 0;
	int r = cgroup_pids(cgroup, &pids, &n);

	if (r < 0)
		err_clear();
	arena_release(mark, NULL, 0);
	return r < 0 || n;
}

void perf_cgroup_close(struct perf_cgroup *cgroup)
{
	fd_close(&cgroup->dir);
	fd_close(&cgroup->events);
}

bool perf_cgroup_is_alive(const struct perf_cgroup *cgroup)
{
	if (cgroup->dir < 0 || cgroup->init >= 0)
		return true;
	return cgroup->events >= 0 ? is_populated(cgroup->events) : has_processes(cgroup->cgroup);
}
