/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the re-execution from a copy that cannot be written.
 *
 * What must hold: /proc/PID/exe of every process that a container may see does not refer to the
 * host's file, whatever the container executes ("#!/proc/self/exe" included): CVE-2019-5736. The
 * decision depends on what the kernel reports about the running file, never on a name, an argument
 * or the environment. That the program was executed by file descriptor (AT_EXECFN) is used only to
 * prevent an endless loop of copies.
 */
#include "process/seal.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/path.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef STATX_ATTR_VERITY
#define STATX_ATTR_VERITY 0x00100000 /* Linux 5.5 */
#endif
#ifndef EROFS_SUPER_MAGIC_V1
#define EROFS_SUPER_MAGIC_V1 0xE0F5E1E2
#endif

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

/* Opens the program's own file by /proc/self/exe, the only magic link that is followed here. */
static int open_self(int proc)
{
	struct statfs fs;

	if (proc < 0)
		return fail(errno, "open /proc");
	if (fstatfs(proc, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return fail(0, "/proc: found another file system, expected procfs");
	int fd = openat(proc, "self/exe", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fail(errno, "own executable: open") : fd;
}

/*
 * Whether nobody can write to the file. A read-only mount is not enough, because anybody who shares
 * it may remount it. Only file systems that cannot be written at all, fs-verity and seals count.
 */
static bool is_immutable(int exe)
{
	struct statfs fs;
	struct statx stx;
	int seals = fcntl(exe, F_GET_SEALS);

	if (seals >= 0 && (seals & SEALS) == SEALS)
		return true;
	if (statx(exe, "", AT_EMPTY_PATH, STATX_TYPE, &stx) == 0 &&
	    (stx.stx_attributes & STATX_ATTR_VERITY))
		return true;
	if (fstatfs(exe, &fs) < 0)
		return false;
	switch ((unsigned long)fs.f_type) {
	case EROFS_SUPER_MAGIC_V1:
	case SQUASHFS_MAGIC:
	case ISOFS_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}

/*
 * Whether the file is on a read-only overlay. Executed by descriptor, it is then the copy that
 * open_overlay() made.
 */
static bool is_own_overlay(int exe)
{
	struct statfs fs;

	return fstatfs(exe, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC &&
	       (fs.f_flags & ST_RDONLY);
}

static bool executed_by_fd(void)
{
	/*
	 * getauxval(3): the path given to execve(2). execveat(2) with a descriptor sets this one.
	 */
	const char *name = (const char *)(uintptr_t)getauxval(AT_EXECFN);

	return name && strncmp(name, "/dev/fd/", 8) == 0;
}

static bool same_file(int a, int dir, const char *name)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstatat(dir, name, &y, AT_SYMLINK_NOFOLLOW) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/*
 * An overlay of two lower layers has a superblock that can never be made writable. The first layer
 * is given as "." with the program's directory as working directory, so nothing has to be escaped
 * and the path length does not matter. The second layer is never searched, because the program is
 * found in the first.
 */
static int mount_overlay(int dir)
{
	autofd ctx = sys_fsopen("overlay", FSOPEN_CLOEXEC);
	int r = 0;

	if (ctx < 0)
		return -errno;
	autofd cwd = path_enter(dir);

	if (cwd < 0)
		return cwd;
	if (sys_fsconfig(ctx, FSCONFIG_SET_STRING, "lowerdir", ".:/dev", 0) < 0 ||
	    sys_fsconfig(ctx, FSCONFIG_SET_STRING, "xino", "off", 0) < 0 ||
	    sys_fsconfig(ctx, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		r = -errno;
	if (fchdir(cwd) < 0)
		return -errno;
	if (r < 0)
		return r;
	int fd = sys_fsmount(ctx, FSMOUNT_CLOEXEC,
			     MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);

	return fd < 0 ? -errno : fd;
}

static int open_overlay(int proc, int exe)
{
	char path[PATH_MAX];
	ssize_t n = readlinkat(proc, "self/exe", path, sizeof(path) - 1);

	if (n <= 0 || path[0] != '/')
		return n < 0 ? -errno : -ENOENT;
	path[n] = 0;
	char *slash = strrchr(path, '/');

	*slash = 0;
	autofd dir = open(slash == path ? "/" : path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 || !same_file(exe, dir, slash + 1))
		return -ESTALE; /* replaced in the meantime, or not reachable by this path */
	autofd mount = mount_overlay(dir);

	if (mount < 0)
		return mount;
	autofd fd = openat(mount, slash + 1, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat a, b;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &a) < 0 || fstat(exe, &b) < 0 || !S_ISREG(a.st_mode) ||
	    a.st_size != b.st_size || !is_own_overlay(fd))
		return -ESTALE;
	return take_fd(&fd);
}

static int copy_into(int to, int from)
{
	struct stat st;
	off_t at = 0;

	if (fstat(from, &st) < 0)
		return -errno;
	while (at < st.st_size) {
		ssize_t n = sendfile(to, from, &at, (size_t)(st.st_size - at));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -EIO; /* truncated in the meantime */
	}
	return 0;
}

static int open_memfd(int proc, int exe)
{
	char link[32];
	autofd fd = fd_make_memory("tamis", true);
	int r = fd < 0 ? fd : copy_into(fd, exe);

	if (r < 0)
		return r;
	if (fchmod(fd, 0555) < 0 || fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return -errno;
	/*
	 * execve(2) fails with ETXTBSY while a descriptor is open for writing. So opens a second
	 * one, for reading, and closes the first.
	 */
	snprintf(link, sizeof(link), "self/fd/%d", fd);
	int again = openat(proc, link, O_RDONLY | O_CLOEXEC);

	if (again < 0)
		return -errno;
	fd_close(&fd);
	return again;
}

int seal_self(char **argv)
{
	autofd proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	autofd exe = open_self(proc);

	if (exe < 0)
		return exe;
	bool by_fd = executed_by_fd();

	if (is_immutable(exe) || (by_fd && is_own_overlay(exe))) {
		if (by_fd) /* execveat(2) names the task after the descriptor number */
			prctl(PR_SET_NAME, "tamis", 0, 0, 0);
		return 0;
	}
	if (by_fd)
		return fail(0, "own executable: found a writable file executed by descriptor, "
			       "expected a sealed copy or a path");
	autofd copy = open_overlay(proc, exe);

	if (copy < 0)
		copy = open_memfd(proc, exe);
	if (copy < 0)
		return fail(-copy, "own executable: seal a copy");
	fd_close(&exe);
	fd_close(&proc);
	syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
	return fail(errno, "own executable: execute the sealed copy");
}
