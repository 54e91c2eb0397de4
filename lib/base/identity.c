/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the question whether a process is still ours: yes, no, or unknown. This prevents signals to
 * another process that got a reused pid (crun#1200), and the use of records of an earlier boot.
 * What must hold: every errno of the calls below is mapped to one of the three answers.
 */
#include "base/identity.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

int identity_boot(const char **ret)
{
	static char id[37];
	struct text t;

	if (!*id) {
		int r = io_read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &t);

		if (r < 0 || t.len < 36)
			return r < 0 ? r : -EBADMSG;
		memcpy(id, t.data, 36);
	}
	*ret = id;
	return 0;
}

const char *identity_stat_field(const char *stat, unsigned int n)
{
	const char *at = strrchr(stat, ')');

	for (unsigned int i = 2; at && i < n; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at && *at ? at : NULL;
}

int identity_start_time(pid_t pid, uint64_t *ret)
{
	struct text t;
	int r = io_read_file(AT_FDCWD, arena_printf("/proc/%d/stat", pid), 4096, &t);

	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	const char *start = identity_stat_field(t.data, 22), *end;

	return !start || num_scan_u64(start, &end, ret) < 0 ? -EBADMSG : 0;
}

int identity_pidfd(pid_t pid)
{
	int fd = sys_pidfd_open(pid, 0);

	if (fd >= 0)
		return fd;
	return errno == EINVAL || errno == ENOENT ? -ESRCH : -errno;
}

bool identity_is_this_boot(const char *boot_id)
{
	const char *boot;

	return identity_boot(&boot) < 0 || (boot_id && strcmp(boot_id, boot) == 0);
}

const char *identity_status_field(const char *status, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = status; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, n) == 0 && line[n] == ':') {
			line += n + 1 + strspn(line + n + 1, " \t");
			return arena_memdup(line, strcspn(line, "\n"));
		}
	}
	return NULL;
}

int identity_open(pid_t pid, uint64_t start_time, const char *boot_id)
{
	const char *boot;
	uint64_t now;
	int r = identity_boot(&boot);

	if (r < 0)
		return r;
	if (pid <= 0 || strcmp(boot_id, boot) != 0)
		return -ESRCH;
	autofd fd = identity_pidfd(pid);

	if (fd < 0)
		return fd;
	r = identity_start_time(pid, &now);
	if (r == 0 && now != start_time)
		return -ESRCH; /* the pid has been reused */
	/*
	 * The state in /proc/PID/stat is not used: "Z" is also shown for a process of which only
	 * the first thread has ended, and an image could make itself appear dead by that.
	 */
	int ended = identity_wait(fd, 0);

	if (ended == 0)
		return -ESRCH;
	/* It is alive but not visible: procfs hides it (hidepid) or shows another PID namespace. */
	if (r == -ESRCH)
		return -EACCES;
	return r < 0 ? r : take_fd(&fd);
}

int identity_wait(int pidfd, int timeout_ms)
{
	int r = fd_wait(pidfd, POLLIN, timeout_ms);

	return r < 0 ? r : r ? 0 : -ETIMEDOUT;
}
