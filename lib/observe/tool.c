/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the running of other programs. What must hold: the program is of an absolute directory in
 * PATH, and gets an environment of ours and no descriptor but its output. It ends with us.
 */
#include "observe/tool.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

const char *tool_path(void)
{
	const char *path = getenv("PATH");

	return path && *path ? path : "/usr/bin:/bin";
}

const char *tool_find(const char *name)
{
	for (const char *p = tool_path(); *p;) {
		size_t n = strcspn(p, ":");

		if (*p == '/') {
			const char *file = arena_printf("%.*s/%s", (int)n, p, name);

			if (access(file, X_OK) == 0)
				return file;
		}
		p += n + (p[n] == ':');
	}
	return NULL;
}

no_return static void exec_tool(const char *file, char *const *argv, int output, pid_t parent)
{
	char *envp[] = { arena_printf("PATH=%s", tool_path()), arena_strdup("LC_ALL=C.UTF-8"),
			 NULL };
	sigset_t none;

	sigemptyset(&none);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent &&
	    dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
	    sys_close_range(3, ~0U, 0) == 0 && signal(SIGPIPE, SIG_DFL) != SIG_ERR &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execve(file, argv, envp);
	_exit(127);
}

/* Appends a piece. Returns 1, 0 at the end, or -errno. */
static int read_piece(int fd, size_t *room, size_t limit, struct text *ret)
{
	if (ret->len + PIECE + 1 > *room) {
		size_t more = 2 * *room + PIECE + 1;
		char *data = arena_alloc(more);

		memcpy(data, ret->data, ret->len);
		ret->data = data;
		*room = more;
	}
	ssize_t n = read(fd, ret->data + ret->len, PIECE);

	if (n < 0)
		return errno == EINTR ? 1 : -errno;
	ret->len += (size_t)n;
	ret->data[ret->len] = '\0';
	return ret->len > limit ? -EFBIG : n > 0;
}

static int read_output(int fd, int timeout_ms, size_t limit, struct text *ret)
{
	const int64_t end = sys_now_ms() + timeout_ms;
	size_t room = 0;
	int r = 1;

	while (r > 0) {
		int64_t left = timeout_ms < 0 ? -1 : end - sys_now_ms();

		r = timeout_ms >= 0 && left <= 0 ? 0 : fd_wait(fd, POLLIN, (int)left);
		r = r == 0 ? -ETIMEDOUT : r < 0 ? r : read_piece(fd, &room, limit, ret);
	}
	return r;
}

int tool_run(const char *file, char *const *argv, int timeout_ms, size_t limit, struct text *ret)
{
	const pid_t parent = getpid();
	int ends[2], status;

	*ret = (struct text){ arena_strdup(""), 0 };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	autofd output = ends[0];
	pid_t pid = fork();

	if (pid == 0)
		exec_tool(file, argv, ends[1], parent);
	int r = pid < 0 ? -errno : 0;

	close(ends[1]);
	if (r >= 0)
		r = read_output(output, timeout_ms, limit, ret);
	if (pid < 0)
		return r;
	fd_close(&output);
	if (r < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (r < 0)
		return r;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
