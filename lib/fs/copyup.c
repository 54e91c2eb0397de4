/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the copy of "tmpcopyup": a new tmpfs gets a copy of the image's files at its mount point.
 *
 * What must hold: the tree is walked by file descriptor and no symbolic link is followed, so an
 * image can make us copy only its own files. A tree that is too deep is an error. The copy gives
 * nobody rights that the owner in the image did not give: a file whose owner cannot be set has no
 * set-user-ID or set-group-ID bit and no file capabilities.
 */
#include "fs/copyup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/xattr.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { COPY_DEPTH = 128, COPY_CHUNK = 1 << 20, XATTR_MAX = 65536 };

static int copy_data(int in, int out)
{
	for (;;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, COPY_CHUNK, 0);

		if (n == 0)
			return 0;
		if (n < 0 && errno == EXDEV)
			break;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
	char *buf = arena_alloc(65536);

	for (;;) { /* copy_file_range(2) does not copy between file systems of different types */
		ssize_t n = read(in, buf, 65536);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		for (ssize_t done = 0, w; done < n; done += w) {
			w = write(out, buf + done, (size_t)(n - done));
			if (w < 0)
				return -errno;
		}
	}
}

/*
 * Attributes that the new file system does not support are skipped, as `cp -a` does. So are file
 * capabilities that the kernel refuses to read with EOVERFLOW, because their root user is not
 * mapped here.
 */
static int copy_xattrs(int in, int out, bool owned)
{
	char names[4096];
	ssize_t n = flistxattr(in, names, sizeof(names));

	if (n <= 0)
		return n < 0 && errno != ENOTSUP && errno != ENOSYS ? -errno : 0;
	char *value = arena_alloc(XATTR_MAX);

	for (char *p = names; p < names + n; p += strlen(p) + 1) {
		if (!owned && strcmp(p, XATTR_NAME_CAPS) == 0)
			continue;
		ssize_t len = fgetxattr(in, p, value, XATTR_MAX);

		if (len < 0 && (errno == ENODATA || errno == EOVERFLOW))
			continue;
		if (len < 0)
			return -errno;
		if (fsetxattr(out, p, value, (size_t)len, 0) < 0 && errno != ENOTSUP &&
		    errno != EPERM && errno != EINVAL)
			return -errno;
	}
	return 0;
}

/*
 * The overflow uid and gid: what stat(2) returns for an id that is not mapped in this user
 * namespace (default of /proc/sys/kernel/overflowuid). chown(2) must not be relied on to refuse it,
 * because 65534 itself may be mapped.
 */
enum { UNKNOWN_ID = 65534 };

/*
 * Sets owner and group. Returns 1 if they are set, 0 if they cannot be (the file stays root's), or
 * -errno.
 */
static int give(int at, const char *name, const struct stat *st)
{
	if (fchownat(at, name, st->st_uid, st->st_gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
		return errno == EINVAL ? 0 : -errno;
	return S_ISDIR(st->st_mode) || (st->st_uid != UNKNOWN_ID && st->st_gid != UNKNOWN_ID);
}

static int copy_rest(int in, int out, const struct stat *st, bool owned)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r = copy_xattrs(in, out, owned);

	if (r < 0)
		return r;
	return futimens(out, times) < 0 ? -errno : 0;
}

/* Owner before mode, because chown(2) clears the set-id bits. Times last. */
static int copy_metadata(int in, int out, const struct stat *st)
{
	int owned = give(out, "", st);
	mode_t bits = owned > 0 ? 07777 : 01777;

	if (owned < 0)
		return owned;
	return fchmod(out, st->st_mode & bits) < 0 ? -errno : copy_rest(in, out, st, owned);
}

static int copy_file(int from, int to, const char *name, const struct stat *st)
{
	autofd in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (in < 0)
		return -errno;
	autofd out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (out < 0)
		return -errno;
	int r = copy_data(in, out);

	return r < 0 ? r : copy_metadata(in, out, st);
}

static int copy_link(int from, int to, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = 0;
	if (symlinkat(target, to, name) < 0)
		return -errno;
	int r = give(to, name, st);

	return r < 0 ? r : 0;
}

static int copy_node(int to, const char *name, const struct stat *st)
{
	if (S_ISSOCK(st->st_mode))
		return 0; /* no process listens on it any more */
	if (mknodat(to, name, st->st_mode & (S_IFMT | 0777), st->st_rdev) < 0)
		return -errno;
	int r = give(to, name, st);

	return r < 0 ? r : 0;
}

static int copy_tree(const char *what, int from, int to, int depth);

static int copy_subdir(const char *what, int from, int to, const char *name, int depth)
{
	autofd in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (in < 0 || mkdirat(to, name, 0700) < 0)
		return fail(errno, "%s: copy of directory %s", what, name);
	autofd out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (out < 0)
		return fail(errno, "%s: copy of directory %s", what, name);
	return copy_tree(what, in, out, depth + 1);
}

static int copy_entry(const char *what, int from, int to, const char *name, int depth)
{
	struct stat st;
	int r;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(errno, "%s: copy of %s", what, name);
	if (S_ISDIR(st.st_mode))
		return copy_subdir(what, from, to, name, depth);
	if (S_ISREG(st.st_mode))
		r = copy_file(from, to, name, &st);
	else if (S_ISLNK(st.st_mode))
		r = copy_link(from, to, name, &st);
	else
		r = copy_node(to, name, &st);
	return r < 0 ? fail(-r, "%s: copy of %s", what, name) : 0;
}

static int copy_tree(const char *what, int from, int to, int depth)
{
	struct stat st;
	struct dirent *e;
	int r = 0;

	if (depth > COPY_DEPTH)
		return fail(ELOOP, "%s: copy of more than %d levels", what, COPY_DEPTH);
	int dup = fcntl(from, F_DUPFD_CLOEXEC, 3);
	DIR *dir = dup < 0 ? NULL : fdopendir(dup);

	if (!dir) {
		fd_close(&dup);
		return fail(errno, "%s: copy", what);
	}
	while (r == 0 && (errno = 0, e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			r = copy_entry(what, from, to, e->d_name, depth);
	if (r == 0 && errno)
		r = fail(errno, "%s: copy: readdir", what);
	closedir(dir);
	if (r < 0)
		return r;
	if (fstat(from, &st) < 0)
		return fail(errno, "%s: copy", what);
	/* owner and mode of the topmost directory are determined by the mount options */
	r = depth ? copy_metadata(from, to, &st) : copy_rest(from, to, &st, true);
	return r < 0 ? fail(-r, "%s: copy of a directory's mode and owner", what) : 0;
}

int copyup(const char *what, int from, int to)
{
	/* `to` is an O_PATH descriptor, which cannot be used for futimens(2) and fsetxattr(2). */
	autofd top = openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (top < 0)
		return fail(errno, "%s: copy", what);
	return copy_tree(what, from, top, 0);
}
