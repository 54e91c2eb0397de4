/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns host paths from the command line. They are opened once, as directory and name, so that
 * neither their length (sun_path has 108 bytes) nor a later change of directory matters.
 */
#include "runtime/connect.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Opens the directory of path; *ret_name is the name in it. */
static int open_parent(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *dir = !slash	  ? "."
			  : slash == path ? "/"
					  : arena_memdup(path, (size_t)(slash - path));
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*ret_name = slash ? slash + 1 : path;
	return fd < 0 ? -errno : fd;
}

/* How long the peer may take to accept, or to read what is sent. */
enum { PEER_MS = 10000, SLICE_MS = 200, BACKLOG = 512 };

/*
 * connect(2) waits if the listener's backlog is full, and there is no event to poll(2) for. It
 * waits in slices, so that a signal that arrives just before the call is noticed after one slice.
 */
static int connect_within(int sock, const struct sockaddr_un *addr)
{
	const struct timeval slice = { .tv_usec = SLICE_MS * 1000 };
	const struct timeval rest = { .tv_sec = PEER_MS / 1000 };
	int64_t deadline = sys_now_ms() + PEER_MS;

	if (setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &slice, sizeof(slice)) < 0)
		return -errno;
	while (connect(sock, (const struct sockaddr *)addr, sizeof(*addr)) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		if (interrupt_is_due())
			return -EINTR;
		if (sys_now_ms() >= deadline)
			return -ETIMEDOUT;
	}
	/* for what is sent: -EAGAIN if it is not read */
	return setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &rest, sizeof(rest)) < 0 ? -errno : 0;
}

static int make_address(const char *name, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*name) /* an empty name would be an abstract address */
		return -EISDIR;
	if (strlen(name) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret->sun_path, name, strlen(name));
	return 0;
}

/* connect(2) by a name relative to dir: the only way for a path longer than sun_path. */
static int connect_in(int dir, const char *name, int sock)
{
	struct sockaddr_un addr;
	int error = make_address(name, &addr);

	if (error < 0)
		return error;
	autofd here = path_enter(dir);

	if (here < 0)
		return here;
	int r = connect_within(sock, &addr);

	if (fchdir(here) < 0)
		return -errno;
	return r;
}

int connect_in_dir(int dir, const char *name, int type)
{
	autofd sock = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	int r = sock < 0 ? -errno : connect_in(dir, name, sock);

	return r < 0 ? r : take_fd(&sock);
}

int connect_socket(const char *option, const char *path, int *ret)
{
	const char *name;
	autofd dir = open_parent(path, &name);

	if (dir < 0)
		return fail(-dir, "%s %s: its directory cannot be opened", option, path);
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return fail(errno, "%s: make a socket", option);
	int r = connect_in(dir, name, sock);

	if (r == -ETIMEDOUT)
		return fail(0, "%s %s: the listening process did not accept within %d s", option,
			    path, PEER_MS / 1000);
	if (r < 0)
		return fail(-r, "%s %s: cannot be connected to", option, path);
	*ret = take_fd(&sock);
	return 0;
}

/* by a name relative to dir; the mode is right from the beginning */
int connect_bind_in_dir(int dir, const char *name, int sock)
{
	struct sockaddr_un addr;
	int error = make_address(name, &addr);

	if (error < 0)
		return error;
	autofd here = path_enter(dir);

	if (here < 0)
		return here;
	mode_t old = umask(0177);
	int r = bind(sock, (const struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno : 0;

	umask(old);
	if (fchdir(here) < 0)
		return -errno;
	return r;
}

/* Removes a socket of ours that nobody listens on. */
static int remove_stale(int dir, const char *name)
{
	struct stat st;
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return -errno;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid())
		return -EEXIST;
	int r = connect_in(dir, name, sock);

	if (r != -ECONNREFUSED)
		return r < 0 ? r : -EADDRINUSE;
	return unlinkat(dir, name, 0) < 0 ? -errno : 0;
}

int connect_listen(const char *option, const char *path, int *ret)
{
	const char *name;
	autofd dir = open_parent(path, &name);

	if (dir < 0)
		return fail(-dir, "%s %s: its directory cannot be opened", option, path);
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r = sock < 0 ? -errno : remove_stale(dir, name);

	if (r == 0)
		r = connect_bind_in_dir(dir, name, sock);
	if (r == 0 && listen(sock, BACKLOG) < 0)
		r = -errno;
	if (r < 0)
		return fail(-r, "%s %s: cannot be listened on", option, path);
	*ret = take_fd(&sock);
	return 0;
}

int connect_check(const char *option, const char *path)
{
	const char *name;
	struct stat st;
	autofd dir = open_parent(path, &name);

	if (dir < 0)
		return fail(-dir, "%s %s: its directory cannot be opened", option, path);
	int e = !*name				 ? EISDIR
		: fstatat(dir, name, &st, 0) < 0 ? errno
		: S_ISSOCK(st.st_mode)		 ? 0
						 : ENOTSOCK;

	return e ? fail(e, "%s %s: cannot be connected to", option, path) : 0;
}

static int send_to(const char *option, const char *path, const char *name, int fd)
{
	autofd sock = -1;
	int r = connect_socket(option, path, &sock);

	if (r < 0)
		return r;
	r = msg_send_fd(sock, name, strlen(name), fd);
	if (r == -EAGAIN)
		return fail(0, "%s %s: the listening process did not read within %d s", option,
			    path, PEER_MS / 1000);
	return r < 0 ? fail(-r, "%s %s: cannot be written to", option, path) : 0;
}

int connect_send_terminal(const char *path, int master)
{
	const char *name = "/dev/ptmx";
	unsigned int number;

	if (ioctl(master, TIOCGPTN, &number) == 0)
		name = arena_printf("/dev/pts/%u", number);
	return send_to("--console-socket", path, name, master);
}

int connect_send_pidfd(const char *path, int pidfd)
{
	return send_to("--pidfd-socket", path, "pidfd", pidfd);
}

int connect_pid_file(const char *path, pid_t pid)
{
	const char *name;
	char text[16];
	autofd dir = open_parent(path, &name);

	if (dir < 0)
		return fail(-dir, "%s: its directory cannot be opened", path);
	int n = snprintf(text, sizeof(text), "%d", pid);
	int r = io_replace_file(dir, name, text, (size_t)n, 0644);

	return r < 0 ? fail(-r, "%s: cannot be written", path) : 0;
}
