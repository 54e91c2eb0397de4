/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns host paths from the command line. They are opened once, as directory and name, so that
 * neither their length (sun_path has 108 bytes) nor a later change of directory matters.
 */
#include "runtime/connect.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The directory of path, opened, and the name in it. */
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

/* connect(2) by a name relative to dir: the only way for a path longer than sun_path. */
static int connect_in(int dir, const char *name, int sock)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	autofd here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (!*name) /* would be an abstract address */
		return -EISDIR;
	if (strlen(name) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, name, strlen(name));
	if (here < 0 || fchdir(dir) < 0)
		return -errno;
	if (connect(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		r = -errno;
	if (fchdir(here) < 0)
		return -errno;
	return r;
}

int connect_socket(const char *option, const char *path, int *ret)
{
	const char *name;
	autofd dir = open_parent(path, &name);

	if (dir < 0)
		return fail(-dir, "%s %s: its directory cannot be opened", option, path);
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return fail(errno, "%s: no socket", option);
	int r = connect_in(dir, name, sock);

	if (r < 0)
		return fail(-r, "%s %s: cannot be connected to", option, path);
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

int connect_send_terminal(const char *path, int master)
{
	const char *name = "/dev/ptmx";
	unsigned int number;
	autofd sock = -1;
	int r = connect_socket("--console-socket", path, &sock);

	if (r < 0)
		return r;
	if (ioctl(master, TIOCGPTN, &number) == 0)
		name = arena_printf("/dev/pts/%u", number);
	r = msg_send_fd(sock, name, strlen(name), master);
	return r < 0 ? fail(-r, "--console-socket %s: cannot be written to", path) : 0;
}

int connect_send_pidfd(const char *path, int pidfd)
{
	autofd sock = -1;
	int r = connect_socket("--pidfd-socket", path, &sock);

	if (r < 0)
		return r;
	r = msg_send_fd(sock, "pidfd", sizeof("pidfd") - 1, pidfd);
	return r < 0 ? fail(-r, "--pidfd-socket %s: cannot be written to", path) : 0;
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
