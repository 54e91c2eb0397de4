/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp: runs the program tamis-seccomp, which answers questions about profiles. The one
 * beside this program is taken (a build that is not installed), else the installed one.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char installed[] = SECCOMP_PROGRAM;

/* "/DIR/tamis-seccomp" where this program is in /DIR, or NULL. */
static const char *sibling(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	char *slash = strrchr(path, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	const char *name = arena_printf("%s/tamis-seccomp", path);

	return access(name, X_OK) == 0 ? name : NULL;
}

static int seccomp(const struct global *g, int argc, char **argv)
{
	const char *path = sibling();
	char **args = arena_array((size_t)argc + 3, sizeof(*args));
	int n = 0;

	if (!path)
		path = installed;
	args[n++] = arena_strdup("tamis-seccomp");
	if (g->root)
		args[n++] = arena_printf("--root=%s", g->root);
	for (int i = 0; i < argc; i++)
		args[n++] = argv[i];
	umask(g->umask);
	(void)signal(SIGPIPE, g->sigpipe);
	execv(path, args);
	return fail(errno,
		    "%s: cannot be run; it is installed with tamis, on Debian by the package "
		    "tamis-seccomp",
		    path);
}

const struct command cmd_seccomp = {
	.name = "seccomp",
	.arguments = "VERB [ARGUMENT...]",
	.summary = "answer questions about profiles and filters",
	.options = cmd_no_options,
	.max_args = -1,
	.forwards = true,
	.failure = 2,
	.run = seccomp,
};
