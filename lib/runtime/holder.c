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
#include <unistd.h>

enum { LOCKS_MAX = 16 << 20 };

/* Whether the process has that very directory open. By its descriptors, because /proc/locks has
 * the number of a file system's device where stat(2) may have that of a subvolume. */
static bool has_open(pid_t pid, const struct stat *dir)
{
	DIR *fds = opendir(arena_printf("/proc/%d/fd", (int)pid));
	bool found = false;

	for (struct dirent *e; fds && !found && (e = readdir(fds));) {
		struct stat st;

		found = fstatat(dirfd(fds), e->d_name, &st, 0) == 0 && st.st_ino == dir->st_ino &&
			st.st_dev == dir->st_dev;
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

		if (pid > 0 && pid != getpid() && has_open(pid, &st))
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
