/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the directories below --root. What must hold: nothing here follows a symbolic link below
 * root, deletes recursively, or touches what another runtime keeps there, so a replaced entry
 * cannot redirect a removal. Only what this user wrote is trusted, because others may be able to
 * write to --root.
 */
#include "runtime/statedir.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/sys.h"
#include "oci/rules.h"
#include "runtime/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

int statedir_check_id(const char *id)
{
	if (!rules_container_id.holds(id))
		return fail(0, "invalid container id '%.64s': expected %s", id,
			    rules_container_id.expected);
	return 0;
}

/* Whether the user is root on the host, not only in a user namespace. */
static bool host_root(void)
{
	return geteuid() == 0 && sys_in_initial_userns() != 0;
}

const char *statedir_default_root(void)
{
	const char *dir;

	if (host_root())
		return "/run/tamis";
	dir = getenv("XDG_RUNTIME_DIR");
	if (dir && *dir)
		return arena_printf("%s/tamis", dir);
	return geteuid() == 0 ? "/run/tamis" : arena_printf("/run/user/%u/tamis", geteuid());
}

/* mkdir -p of a host path, which the caller chose and which is trusted. */
static int make_parents(const char *path)
{
	char *copy = arena_strdup(path);

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(copy, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int statedir_open_root(const char *root, bool make)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return fail(errno, "--root %s: cannot be opened", root);
	if (!make)
		return -ENOENT;
	r = make_parents(root);
	if (r < 0)
		return fail(-r, "--root %s: cannot be made%s", root,
			    host_root() ? "" : " (is XDG_RUNTIME_DIR set?)");
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? fail(errno, "--root %s: cannot be opened", root) : fd;
}

/*
 * Checks the owner of the directory: its record determines which processes are killed and which
 * hooks run as this user.
 */
static int check_owner(const char *id, int dir)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return fail(errno, "state directory of '%s'", id);
	if (st.st_uid != geteuid())
		return fail(0, "state directory of '%s' belongs to uid %u, expected our own, %u",
			    id, st.st_uid, geteuid());
	return 0;
}

const char *statedir_identity(int dir)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return "";
	return arena_printf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
}

/* Reads the names in a directory, without "." and "..". */
static int names_in(int dir, const char ***ret, size_t *ret_n)
{
	size_t n = 0, room = 0;
	const char **names = NULL;
	int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = own < 0 ? NULL : fdopendir(own);

	if (!stream) {
		int saved = errno;

		if (own >= 0)
			close(own);
		return -saved;
	}
	for (struct dirent *e; (e = readdir(stream));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		names = arena_grow((void *)names, n, &room, sizeof(*names));
		names[n++] = arena_strdup(e->d_name);
	}
	closedir(stream);
	*ret = names;
	*ret_n = n;
	return 0;
}

bool statedir_is_ours(int dir)
{
	static const char *const files[] = { "record",	     "config.json", "filter.bpf",
					     "start.fifo",   "start.page",  "denials.sock",
					     "denials.jsonl" };
	const char **names = NULL;
	size_t n = 0;

	if (names_in(dir, &names, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *name = names[i] + (names[i][0] == '.');
		bool known = false;

		for (size_t k = 0; k < ARRAY_LEN(files); k++)
			known |= strncmp(name, files[k], strlen(files[k])) == 0;
		if (!known)
			return false;
	}
	return true;
}

/*
 * Removes the record last. As long as there is another file, the container can be found and
 * deleted. A directory without a record owns nothing.
 */
static int remove_files(const char *id, int dir)
{
	static const char record[] = "record";
	const char **names = NULL;
	size_t n = 0;
	int r = names_in(dir, &names, &n);

	if (r < 0)
		return fail(-r, "state directory of '%s': cannot be read", id);
	for (size_t i = 0; i <= n; i++) {
		const char *name = i < n ? names[i] : record;

		if (i < n && strcmp(name, record) == 0)
			continue;
		if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
			return fail(errno, "state directory of '%s': %s cannot be removed", id,
				    name);
	}
	return 0;
}

static int already_exists(const char *id)
{
	return fail(0, "container with id '%s' already exists", id);
}

/*
 * Handles a directory that exists already. Without a record it owns nothing and is not shown as a
 * container: a create or delete that was killed left it. It is used again, with its lock.
 */
static int take_over(int root, const char *id)
{
	autofd dir = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (dir < 0 || fstat(dir, &st) < 0 || st.st_uid != geteuid() || record_exists(dir) ||
	    !statedir_is_ours(dir) || statedir_lock(root, id, dir, 0) < 0 || record_exists(dir))
		return already_exists(id);
	int r = remove_files(id, dir);

	return r < 0 ? r : take_fd(&dir);
}

int statedir_make(int root, const char *id)
{
	if (mkdirat(root, id, 0700) < 0)
		return errno == EEXIST ? take_over(root, id)
				       : fail(errno, "state directory of '%s': cannot be made", id);
	autofd dir = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* between mkdir(2) and here other commands may have seen the empty directory */
	int r = dir < 0 ? -errno : statedir_lock(root, id, dir, 0);

	if (r == 0)
		r = check_owner(id, dir);
	if (r == 0)
		return take_fd(&dir);
	if (r == -EBUSY || r == -ENOENT)
		return fail(0, "container with id '%s' is being made or deleted by another command",
			    id);
	/* it is still ours, or rmdir fails because it is not empty */
	(void)unlinkat(root, id, AT_REMOVEDIR);
	return fail(-r, "state directory of '%s': cannot be %s", id, dir < 0 ? "opened" : "locked");
}

int statedir_open(int root, const char *id)
{
	autofd dir = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return -ENOENT;
	if (dir < 0)
		return fail(errno, "state directory of '%s': cannot be opened", id);
	int r = check_owner(id, dir);

	return r < 0 ? r : take_fd(&dir);
}

static void on_alarm(int sig not_used)
{
	/* its only purpose is to interrupt flock(2) with EINTR */
}

static int flock_within(int dir, int timeout_ms)
{
	struct sigaction act = { .sa_handler = on_alarm }, old;
	/* Checks the time and for signals ten times a second. */
	struct itimerval timer = { { 0, 100000 }, { 0, 100000 } }, off = { 0 };
	int64_t deadline = sys_now_ms() + timeout_ms;
	sigset_t alarm, mask;
	int r;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigaction(SIGALRM, &act, &old);
	sigprocmask(SIG_UNBLOCK, &alarm, &mask); /* the caller may have left it blocked */
	setitimer(ITIMER_REAL, &timer, NULL);
	do
		r = flock(dir, LOCK_EX) < 0 ? -errno : 0;
	while (r == -EINTR && !interrupt_is_due() && sys_now_ms() < deadline);
	setitimer(ITIMER_REAL, &off, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGALRM, &old, NULL);
	return r == -EINTR ? -EBUSY : r;
}

int statedir_lock(int root, const char *id, int dir, int timeout_ms)
{
	struct stat mine, now;
	int r = flock(dir, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;

	if (r == -EWOULDBLOCK)
		r = timeout_ms ? flock_within(dir, timeout_ms) : -EBUSY;
	if (r < 0)
		return r;
	if (fstat(dir, &mine) < 0 || fstatat(root, id, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return mine.st_ino != now.st_ino || mine.st_dev != now.st_dev ? -ENOENT : 0;
}

bool statedir_is_locked(int dir)
{
	/*
	 * Uses an open file description of its own, because unlocking must not release the caller's
	 * lock.
	 */
	autofd own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (own < 0 || flock(own, LOCK_SH | LOCK_NB) < 0)
		return true;
	flock(own, LOCK_UN);
	return false;
}

int statedir_remove(int root, const char *id, int dir)
{
	struct stat mine, now;
	int r = remove_files(id, dir);

	if (r < 0)
		return r;
	if (fstat(dir, &mine) < 0)
		return fail(errno, "state directory of '%s': cannot be examined", id);
	if (fstatat(root, id, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fail(errno, "state directory of '%s'", id);
	if (mine.st_ino != now.st_ino || mine.st_dev != now.st_dev)
		return 0; /* now another container's: ours is gone */
	if (unlinkat(root, id, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return fail(errno, "state directory of '%s': cannot be removed", id);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int statedir_list(int root, const char *const **ret, size_t *ret_n)
{
	const char **names = NULL;
	size_t n = 0, kept = 0;
	int r = names_in(root, &names, &n);

	if (r < 0)
		return fail(-r, "--root: cannot be read");
	for (size_t i = 0; i < n; i++) {
		autofd dir =
			openat(root, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (dir >= 0 && record_exists(dir))
			names[kept++] = names[i];
	}
	if (kept)
		qsort(names, kept, sizeof(*names), by_name);
	*ret = names;
	*ret_n = kept;
	return 0;
}
