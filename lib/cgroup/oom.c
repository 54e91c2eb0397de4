/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the watch for OOM events (memory.rst 9 of cgroup v1, memory.events in cgroup-v2.rst). What
 * must hold: the removal of a cgroup, which the kernel signals by the same descriptor, is not
 * reported as an OOM event.
 */
#include "cgroup/oom.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"
#include "cgroup/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int open_v1(struct oom_watch *watch)
{
	autofd control =
		openat(watch->leaf, "memory.oom_control", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (control < 0)
		return -errno;
	autofd event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (event < 0)
		return -errno;
	int r = cgdir_write(watch->leaf, "cgroup.event_control",
			    arena_printf("%d %d", event, control));

	if (r < 0)
		return r;
	watch->fd = take_fd(&event);
	watch->events = POLLIN;
	return 0;
}

static int64_t kills(int fd)
{
	struct text text;

	if (lseek(fd, 0, SEEK_SET) < 0 || io_read_all(fd, CGDIR_FILE_MAX, &text) < 0)
		return -1;
	return cgdir_keyed(text.data, "oom_kill");
}

static int open_v2(struct oom_watch *watch)
{
	int fd = openat(watch->leaf, "memory.events", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	watch->fd = fd;
	watch->events = POLLPRI;
	watch->seen = kills(fd);
	return 0;
}

int oom_watch_open(const struct cgroup *cgroup, struct oom_watch *ret)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "memory");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);

	*ret = (struct oom_watch){ .fd = -1, .leaf = -1, .v1 = v1 != NULL };
	if (!dir)
		return 0;
	int r = ret->leaf = cgdir_leaf(dir);

	if (r >= 0)
		r = v1 ? open_v1(ret) : open_v2(ret);
	if (r < 0) {
		oom_watch_close(ret);
		return cgdir_fail(dir, r, "watch for OOM events");
	}
	return 0;
}

unsigned int oom_watch_read(struct oom_watch *watch)
{
	uint64_t count;

	if (watch->fd < 0)
		return 0;
	if (watch->v1) {
		struct text text;

		if (read(watch->fd, &count, sizeof(count)) != sizeof(count))
			return 0;
		/* the removal of the cgroup wakes the eventfd, too */
		return cgdir_read(watch->leaf, "memory.oom_control", &text) < 0 ? 0 : 1;
	}
	int64_t now = kills(watch->fd), before = watch->seen;

	if (now > before)
		watch->seen = now;
	return now > before ? (unsigned int)(now - before) : 0;
}

void oom_watch_close(struct oom_watch *watch)
{
	fd_close(&watch->fd);
	fd_close(&watch->leaf);
}

int64_t cgroup_oom_kills(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "memory");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	struct text text;

	if (!dir)
		return 0;
	autofd leaf = cgdir_leaf(dir);

	if (leaf < 0 || cgdir_read(leaf, v1 ? "memory.oom_control" : "memory.events", &text) < 0)
		return 0;
	int64_t n = cgdir_keyed(text.data, "oom_kill");

	return n < 0 ? 0 : n;
}
