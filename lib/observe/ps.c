/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the list of a container's processes. What must hold: the program that is executed is the
 * host's ps(1) from an absolute directory in PATH, with an environment of ours, whatever the
 * caller's is. Rows of other processes are never shown.
 */
#include "observe/ps.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/sys.h"
#include "cgroup/cgroup.h"
#include "cgroup/pids.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLANKS " \t"

enum { PS_OUTPUT_MAX = 64 << 20, PS_ARGS_MAX = 1024 };

int container_ps_pids(struct container *c, pid_t **ret, size_t *ret_n)
{
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	if (cgroup.n == 0 && container_status(c) != STATUS_STOPPED)
		return fail(0, "container '%s' has no cgroup, so its processes cannot be listed",
			    c->id);
	return cgroup_pids(&cgroup, ret, ret_n);
}

/* Returns ps in the first absolute directory of PATH that has it. */
static const char *find_ps(const char *path)
{
	for (const char *p = path; *p;) {
		size_t n = strcspn(p, ":");

		if (*p == '/') {
			const char *file = arena_printf("%.*s/ps", (int)n, p);

			if (access(file, X_OK) == 0)
				return file;
		}
		p += n + (p[n] == ':');
	}
	return NULL;
}

no_return static void exec_ps(const char *file, char *const *args, const char *path, int output,
			      pid_t parent)
{
	char *argv[PS_ARGS_MAX + 2] = { arena_strdup("ps") };
	char *envp[] = { arena_printf("PATH=%s", path), arena_strdup("LC_ALL=C.UTF-8"), NULL };
	sigset_t none;
	size_t n = 1;

	if (!*args)
		argv[n++] = arena_strdup("-ef");
	for (; *args && n <= PS_ARGS_MAX; args++)
		argv[n++] = *args;
	sigemptyset(&none);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent &&
	    dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
	    sys_close_range(3, ~0U, 0) == 0 && signal(SIGPIPE, SIG_DFL) != SIG_ERR &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execve(file, argv, envp);
	_exit(127);
}

/* Runs ps and reads both of its outputs. If it fails they are part of the message. */
static int run_ps(char *const *args, struct text *ret)
{
	const char *path = getenv("PATH");
	int ends[2], status;

	if (!path || !*path)
		path = "/usr/bin:/bin";
	const char *file = find_ps(path);

	if (!file)
		return fail(0, "ps: found no program ps in the absolute directories of PATH=%s",
			    path);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(errno, "ps: make a pipe for its output");
	autofd output = ends[0];
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		exec_ps(file, args, path, ends[1], parent);
	close(ends[1]);
	if (pid < 0)
		return fail(errno, "ps: start a process");
	int r = io_read_all(output, PS_OUTPUT_MAX, ret);

	fd_close(&output);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail(errno, "ps: wait for it to end");
	if (r < 0)
		return fail(-r, "ps: read its output");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return fail(0, "%s failed: %.*s", file, (int)strcspn(ret->data, "\n"), ret->data);
	return 0;
}

/* Returns word number i of a line, or "" if it has fewer. */
static const char *word_at(const char *line, size_t i)
{
	for (;; i--) {
		line += strspn(line, BLANKS);
		if (i == 0)
			return line;
		line += strcspn(line, BLANKS "\n");
	}
}

static int pid_column(const char *header, size_t *ret)
{
	for (size_t i = 0;; i++) {
		const char *word = word_at(header, i);
		size_t n = strcspn(word, BLANKS "\n");

		if (n == 0)
			return fail(0, "ps: expected a column PID in its header, found '%.*s'",
				    (int)strcspn(header, "\n"), header);
		if (n == 3 && strncmp(word, "PID", 3) == 0) {
			*ret = i;
			return 0;
		}
	}
}

static int by_value(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static int is_ours(const char *row, size_t column, const pid_t *pids, size_t n)
{
	const char *end, *word = word_at(row, column);
	uint64_t v;

	if (num_scan_u64(word, &end, &v) < 0 || v > INT32_MAX || !strchr(BLANKS "\n", *end))
		return fail(0, "ps: expected a pid in column %zu, found '%.*s'", column + 1,
			    (int)strcspn(row, "\n"), row);
	pid_t pid = (pid_t)v;

	return n && bsearch(&pid, pids, n, sizeof(pid), by_value);
}

int container_ps(struct container *c, char *const *args, struct text *ret)
{
	struct text all = { .data = (char[]){ "" } };
	pid_t *pids = NULL;
	size_t n = 0, column = 0;
	int r = container_ps_pids(c, &pids, &n);

	if (r >= 0)
		r = run_ps(args, &all);
	if (r >= 0)
		r = pid_column(all.data, &column);
	if (r < 0)
		return r;
	ret->data = arena_alloc(all.len + 2);
	ret->len = 0;
	for (const char *line = all.data; *line;) {
		size_t len = strcspn(line, "\n");

		r = line == all.data ? 1 : len ? is_ours(line, column, pids, n) : 0;
		if (r < 0)
			return r;
		if (r) {
			memcpy(ret->data + ret->len, line, len);
			ret->len += len;
			ret->data[ret->len++] = '\n';
		}
		line += len + (line[len] == '\n');
	}
	return 0;
}
