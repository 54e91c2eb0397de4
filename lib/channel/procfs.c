/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns our own procfs. What must hold: what is read and written under /proc is the kernel's, never
 * a file that an image or a volume put there (CVE-2019-16884, CVE-2025-52881). The mount is in no
 * mount namespace, or was opened before the container's mounts were made. Nothing mounted over a
 * part of it is ever entered.
 */
#include "channel/procfs.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/num.h"
#include "base/sys.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

enum { PROCFS_READ_MAX = 1 << 20 };

static int open_detached(void)
{
	autofd fs = sys_fsopen("proc", FSOPEN_CLOEXEC);

	if (fs < 0 || sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	int fd = sys_fsmount(fs, FSMOUNT_CLOEXEC,
			     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);

	return fd < 0 ? -errno : fd;
}

int procfs_open(void)
{
	struct statfs st;
	int fd = open_detached();

	if (fd >= 0)
		return fd;
	/* Without privilege, or if /proc is masked, the kernel refuses a new procfs. */
	autofd own = open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (own < 0 || fstatfs(own, &st) < 0)
		return fail(errno, "/proc: cannot open");
	if (st.f_type != PROC_SUPER_MAGIC)
		return fail(0, "/proc: found file system type 0x%lx, expected procfs",
			    (unsigned long)st.f_type);
	return take_fd(&own);
}

/* Replaces "self", which is a symbolic link, by the pid, because links are not followed. */
static int own_number(int proc, const char *path, char *buf, size_t size)
{
	char pid[32];
	ssize_t n = readlinkat(proc, "self", pid, sizeof(pid) - 1);

	if (n < 0)
		return -errno;
	pid[n] = 0;
	if (strspn(pid, "0123456789") != (size_t)n || n == 0)
		return -EIO;
	int len = snprintf(buf, size, "%s%s", pid, path + strlen("self"));

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

int procfs_file(int proc, const char *path, int flags)
{
	/* openat2(2) refuses O_NOCTTY together with O_PATH */
	unsigned int all = (unsigned int)flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY);
	struct open_how how = { .flags = all,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS |
					   RESOLVE_NO_MAGICLINKS };
	char buf[256];

	if (strncmp(path, "self", 4) == 0 && (path[4] == '/' || path[4] == 0)) {
		int r = own_number(proc, path, buf, sizeof(buf));

		if (r < 0)
			return r;
		path = buf;
	}
	for (int i = 0; i < 128; i++) {
		int fd = sys_openat2(proc, path, &how);

		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

int procfs_write(int proc, const char *path, const char *text)
{
	autofd fd = procfs_file(proc, path, O_WRONLY);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	do
		n = write(fd, text, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int procfs_read(int proc, const char *path, struct text *ret)
{
	autofd fd = procfs_file(proc, path, O_RDONLY);

	if (fd < 0)
		return fd;
	return io_read_all(fd, PROCFS_READ_MAX, ret);
}

pid_t procfs_pidfd_process(int proc, int pidfd)
{
	static const char key[] = "\nPid:\t";
	struct text info;
	const char *end;
	uint64_t pid;

	if (procfs_read(proc, arena_printf("self/fdinfo/%d", pidfd), &info) < 0)
		return 0;
	const char *at = strstr(info.data, key);

	/* -1: it has ended and was reaped */
	return at && num_scan_u64(at + strlen(key), &end, &pid) >= 0 && pid <= INT_MAX ? (pid_t)pid
										       : 0;
}

pid_t procfs_process(int proc, pid_t tid)
{
	struct text status;
	uint32_t pid;

	if (procfs_read(proc, arena_printf("%d/status", tid), &status) < 0)
		return 0;
	/* the name above that line is escaped */
	const char *word = identity_status_field(status.data, "Tgid");

	return word && num_parse_u32(word, &pid) >= 0 && pid <= INT_MAX ? (pid_t)pid : 0;
}
