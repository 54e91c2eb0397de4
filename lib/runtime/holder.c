/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the answer to "who holds that lock?". What must hold: it is the kernel's word (/proc/locks),
 * and the process that is named is the one that the descriptor leads to: it holds the lock before
 * and after it was opened, so its pid cannot have become another's.
 */
#include "runtime/holder.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LOCKS_MAX = 16 << 20, INFO_MAX = 65536 };

/*
 * Whether that descriptor is the one with the lock, and of that very directory. Which one has the
 * lock says fdinfo (proc(5)): /proc/locks has the number of a file system's device where stat(2)
 * may have that of a subvolume, and an inode's number is also another's elsewhere. No file system
 * is asked for what it might have to ask others for: a FUSE server need not answer.
 */
static bool is_lock(pid_t pid, const char *fd, const struct stat *dir)
{
	const char *path = arena_printf("/proc/%d/fd/%s", (int)pid, fd);
	struct statx st;
	struct text info;

	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/fdinfo/%s", (int)pid, fd), INFO_MAX,
			 &info) < 0)
		return false;
	const char *lock = strstr(info.data, "\nlock:");

	return lock && strstr(lock, " FLOCK ") &&
	       statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &st) == 0 &&
	       st.stx_ino == dir->st_ino &&
	       makedev(st.stx_dev_major, st.stx_dev_minor) == dir->st_dev;
}

/* Whether the process has the lock on that very directory. */
static bool has_lock(pid_t pid, const struct stat *dir)
{
	DIR *fds = opendir(arena_printf("/proc/%d/fd", (int)pid));
	bool found = false;

	for (struct dirent *e; fds && !found && (e = readdir(fds));) {
		struct arena_mark mark = arena_mark(); /* it may have a million of them */

		found = e->d_name[0] != '.' && is_lock(pid, e->d_name, dir);
		(void)arena_release(mark, NULL, 0);
	}
	if (fds)
		closedir(fds);
	return found;
}

/* "1: FLOCK  ADVISORY  WRITE 815 00:1b:4711 0 EOF"; who waits for one has "->" in front. */
static pid_t flock_of(char *line, uint64_t inode)
{
	char *save = NULL, *words[6] = { NULL };
	const char *colon;
	uint32_t pid;
	uint64_t ino;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!(words[i] = strtok_r(i ? NULL : line, " ", &save)))
			return 0;
	colon = strrchr(words[5], ':');
	if (strcmp(words[1], "FLOCK") != 0 || !colon || num_parse_u64(colon + 1, &ino) < 0 ||
	    ino != inode || num_parse_u32(words[4], &pid) < 0)
		return 0;
	return (pid_t)pid;
}

pid_t holder_find(int dir)
{
	struct text locks;
	struct stat st;

	if (fstat(dir, &st) < 0 || io_read_file(AT_FDCWD, "/proc/locks", LOCKS_MAX, &locks) < 0)
		return 0;
	for (char *rest = locks.data, *line; (line = strsep(&rest, "\n"));) {
		pid_t pid = flock_of(line, st.st_ino);

		if (pid > 0 && pid != getpid() && has_lock(pid, &st))
			return pid;
	}
	return 0;
}

int holder_open(int dir)
{
	pid_t pid = holder_find(dir);

	if (pid <= 0)
		return -ESRCH;
	autofd pidfd = sys_pidfd_open(pid, 0);

	if (pidfd < 0)
		return -errno;
	return holder_find(dir) == pid ? take_fd(&pidfd) : -ESRCH;
}
