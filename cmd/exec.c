/* SPDX-License-Identifier: Apache-2.0 */
/* tamis exec. Everything after the ID belongs to the program: "exec ID ls -l". */
#include "runtime/exec.h"
#include "base/err.h"
#include "cmd/cmd.h"

static struct exec_options values;

#define OPTION(name, letter, kind, member, value, help)                                \
	{                                                                              \
		name, letter, kind, offsetof(struct exec_options, member), value, help \
	}

static const struct opt options[] = {
	OPTION("process", 'p', OPT_TEXT, process, "FILE",
	       "the process as JSON (config.json's \"process\")"),
	OPTION("detach", 'd', OPT_BOOL, detached, NULL, "return when the program runs"),
	OPTION("tty", 't', OPT_BOOL, tty, NULL, "give it a terminal"),
	OPTION("console-socket", 0, OPT_TEXT, console_socket, "PATH",
	       "socket that gets the terminal's master"),
	OPTION("pid-file", 0, OPT_TEXT, pid_file, "FILE", "write the pid of the process there"),
	OPTION("user", 'u', OPT_STRING, user, "UID[:GID]", "run as these ids"),
	OPTION("additional-gids", 'g', OPT_LIST, gids, "GID",
	       "one more group; may be given several times"),
	OPTION("cwd", 0, OPT_STRING, cwd, "DIR", "working directory in the container"),
	OPTION("env", 'e', OPT_LIST, env, "NAME=VALUE",
	       "environment variable; may be given several times"),
	OPTION("cap", 'c', OPT_LIST, caps, "CAPABILITY",
	       "one more capability; may be given several times"),
	OPTION("no-new-privs", 0, OPT_BOOL, no_new_privs, NULL,
	       "no program gives it more privileges"),
	OPTION("apparmor", 0, OPT_TEXT, apparmor, "PROFILE", "AppArmor profile"),
	OPTION("process-label", 0, OPT_TEXT, label, "LABEL", "SELinux label"),
	OPTION("preserve-fds", 0, OPT_UINT, preserve_fds, "N",
	       "descriptors from 3 on that the program keeps"),
	OPTION("cgroup", 0, OPT_LIST, cgroups, "[CONTROLLERS:]PATH",
	       "cgroup below the container's"),
	OPTION("ignore-paused", 0, OPT_BOOL, ignore_paused, NULL,
	       "in a paused container too: it runs when that is resumed"),
	OPTION("pidfd-socket", 0, OPT_TEXT, pidfd_socket, "PATH",
	       "socket that gets a pidfd of the process"),
	{ "no-subreaper", 0, OPT_IGNORED_BOOL, 0, NULL, NULL },
	OPT_END,
};

static int run(const struct global *g, int argc, char **argv)
{
	int exit_code;

	values.root = g->root;
	values.id = argv[0];
	values.args = (struct strings){ (size_t)argc - 1, argv + 1 };
	if (!values.process && argc == 1)
		return fail(0,
			    "usage: tamis exec [OPTION...] ID PROGRAM [ARGUMENT...], or --process");
	int r = container_exec(&values, &exit_code);

	return r < 0 ? wrap(r, "exec failed") : exit_code;
}

const struct command cmd_exec = {
	.name = "exec",
	.arguments = "ID [PROGRAM [ARGUMENT...]]",
	.summary = "run a further program in a container",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = -1,
	.words_are_data = true,
	.seals = true,
	.failure = 255,
	.run = run,
};
