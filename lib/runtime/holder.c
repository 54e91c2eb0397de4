/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the question which process holds a lock.
 *
 * What must hold: the answer comes from the kernel, and the process named is the one that the pidfd
 * refers to. It holds the lock after the pidfd was opened, so its pid cannot have been reused.
 *
 * The information is taken from the descriptors of processes (proc(5), fdinfo), not from
 * /proc/locks. The latter lists the locks of all users, and a reader can miss lines if locks are
 * added and removed between two reads. Only the owner of the directory can open it, so processes of
 * other users need not be examined and cannot hide the holder.
 *
 * This file also checks whether a process that a claim names is such a holder.
 */
#include "runtime/holder.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"
#include "runtime/record.h"
#include "runtime/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { INFO_MAX = 65536 };

/*
 * Whether pid has a flock(2) lock on the open file that this fdinfo describes: "lock:\t1: FLOCK
 * ADVISORY WRITE 815 00:1b:4711 0 EOF". The fdinfo of a child that inherited the descriptor has the
 * line, too, with the pid of the locker.
 */
static bool has_flock(char *info, pid_t pid)
{
	char *lock = strstr(info, "\nlock:"), *save = NULL, *words[6] = { NULL };
	uint32_t locker;

	for (size_t i = 0; lock && i < ARRAY_LEN(words); i++)
		if (!(words[i] = strtok_r(i ? NULL : lock, " \t\n", &save)))
			return false;
	return lock && strcmp(words[2], "FLOCK") == 0 && num_parse_u32(words[5], &locker) == 0 &&
	       locker == (uint32_t)pid;
}

/*
 * Whether that descriptor of the process refers to that directory and holds the lock. Device and
 * inode are compared, because inode numbers repeat on other file systems. No file system is asked
 * for information that it might have to request (AT_STATX_DONT_SYNC): a FUSE server need not
 * answer.
 */
static bool is_lock(pid_t pid, const char *fd, uint64_t dev, uint64_t inode)
{
	const char *path = arena_printf("/proc/%d/fd/%s", (int)pid, fd);
	struct statx st;
	struct text info;

	return io_read_file(AT_FDCWD, arena_printf("/proc/%d/fdinfo/%s", (int)pid, fd), INFO_MAX,
			    &info) == 0 &&
	       has_flock(info.data, pid) &&
	       statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &st) == 0 &&
	       st.stx_ino == inode && makedev(st.stx_dev_major, st.stx_dev_minor) == dev;
}

/*
 * Returns the number of the descriptor by which the process holds the lock on that directory, in
 * the arena, or NULL.
 */
static const char *find_lock(pid_t pid, uint64_t dev, uint64_t inode)
{
	DIR *fds = opendir(arena_printf("/proc/%d/fd", (int)pid));
	const char *found = NULL;

	for (struct dirent *e; fds && !found && (e = readdir(fds));) {
		/* a process may have a million descriptors */
		struct arena_mark mark = arena_mark();
		bool is = e->d_name[0] != '.' && is_lock(pid, e->d_name, dev, inode);

		(void)arena_release(mark, NULL, 0);
		found = is ? arena_strdup(e->d_name) : NULL;
	}
	if (fds)
		closedir(fds);
	return found;
}

/* Returns the pid of the process of that name in /proc if it belongs to the user, else 0. */
static pid_t process_of(int proc, const char *name, uid_t uid)
{
	struct stat st;
	uint32_t pid;

	if (num_parse_u32(name, &pid) < 0 || pid == (uint32_t)getpid() ||
	    fstatat(proc, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_uid != uid)
		return 0;
	return (pid_t)pid;
}

pid_t holder_find(int dir)
{
	DIR *proc = opendir("/proc");
	pid_t found = 0;
	struct stat st;

	for (struct dirent *e; proc && fstat(dir, &st) == 0 && !found && (e = readdir(proc));) {
		struct arena_mark mark = arena_mark();
		pid_t pid = process_of(dirfd(proc), e->d_name, geteuid());

		if (pid > 0 && find_lock(pid, st.st_dev, st.st_ino))
			found = pid;
		(void)arena_release(mark, NULL, 0);
	}
	if (proc)
		closedir(proc);
	return found;
}

int holder_open(int dir)
{
	pid_t pid = holder_find(dir);
	struct stat st;

	if (pid <= 0 || fstat(dir, &st) < 0)
		return -ESRCH;
	autofd pidfd = sys_pidfd_open(pid, 0);

	if (pidfd < 0)
		return -errno;
	return find_lock(pid, st.st_dev, st.st_ino) ? take_fd(&pidfd) : -ESRCH;
}

/*
 * Whether a pid, which comes from an untrusted claim, is a process of our user and mount namespace.
 */
static bool is_of_us(pid_t pid)
{
	const char *name = arena_printf("%d", (int)pid);
	autofd proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat ours, its;

	return proc >= 0 && process_of(proc, name, geteuid()) > 0 &&
	       fstatat(proc, "self/ns/mnt", &ours, 0) == 0 &&
	       fstatat(proc, arena_printf("%s/ns/mnt", name), &its, 0) == 0 &&
	       ours.st_ino == its.st_ino && ours.st_dev == its.st_dev;
}

/*
 * Opens the directory on which the claim's process holds the lock, by its descriptor. The caller
 * closes it. -ESRCH: it holds none, or this cannot be determined.
 */
static int open_locked(const struct cgroup_owner *claim)
{
	const char *p, *boot, *fd;
	uint64_t dev, inode;

	if (identity_boot(&boot) < 0 || num_scan_u64(claim->state, &p, &dev) < 0 || *p != ':' ||
	    num_parse_u64(p + 1, &inode) < 0)
		return -ESRCH;
	autofd pidfd = identity_open(claim->pid, claim->start, boot);

	if (pidfd < 0 || !is_of_us(claim->pid) || !(fd = find_lock(claim->pid, dev, inode)))
		return -ESRCH;
	autofd dir = open(arena_printf("/proc/%d/fd/%s", (int)claim->pid, fd),
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (dir < 0 || fstat(dir, &st) < 0 || st.st_dev != dev || st.st_ino != inode ||
	    st.st_uid != geteuid() || identity_wait(pidfd, 0) == 0)
		return -ESRCH;
	return take_fd(&dir);
}

bool holder_is_create(const struct cgroup_owner *claim, const char *path)
{
	autofd dir = open_locked(claim);
	struct record r;

	if (dir < 0 || record_read(dir, claim->id, &r) != 0 || r.created ||
	    r.creator_pid != claim->pid || r.creator_start != claim->start)
		return false;
	for (size_t i = 0; i < r.cgroups.n; i++)
		if (strcmp(r.cgroups.v[i].path, path) == 0)
			return true;
	return false;
}
