/* SPDX-License-Identifier: Apache-2.0 */
/* The `exec` command: a further process in a container. */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include "base/base.h"
#include "oci/decode.h"

/* What the command line says. Paths are as the user gave them; NULL and 0: not given. */
struct exec_options {
	const char *root, *id;
	const char *process; /* file with the process; else the config's, changed by what follows */
	struct strings args;
	const char *user, *cwd, *apparmor, *label;
	struct strings env, caps, gids;
	bool no_new_privs;
	bool tty;
	struct strings cgroups; /* [CONTROLLERS:]PATH below the container's cgroup */
	const char *pid_file, *console_socket, *pidfd_socket;
	unsigned int preserve_fds;
	bool detached, ignore_paused;
};

/*
 * Runs the process. Detached: returns when the program runs. Else waits for its end, *ret_exit
 * is its exit code, 128+n for signal n. A failure leaves no process and no pid file. Reporting.
 */
must_check int container_exec(const struct exec_options *options, int *ret_exit);

#endif
