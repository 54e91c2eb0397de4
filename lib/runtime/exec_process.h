/* SPDX-License-Identifier: Apache-2.0 */
/* The process that `exec` has to run: that of --process, or the config's with changes. */
#ifndef RUNTIME_EXEC_PROCESS_H
#define RUNTIME_EXEC_PROCESS_H

#include "base/base.h"
#include "oci/config.h"

/* Command line of `exec`. Paths are as the user gave them; NULL and 0 mean not given. */
struct exec_options {
	const char *root, *id;
	/* file with the process; NULL: the config's, changed by what follows */
	const char *process;
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
 * Determines and checks the process. `saved` is the container's own process. If --process has no
 * capabilities, limits, labels or oomScoreAdj, those of `saved` are used. Reporting.
 */
must_check int exec_process(const struct exec_options *options, const struct process_spec *saved,
			    struct process_spec *ret);

#endif
