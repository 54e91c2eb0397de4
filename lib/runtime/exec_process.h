/* SPDX-License-Identifier: Apache-2.0 */
/* What process `exec` is asked for: --process, or the config's with changes. */
#ifndef RUNTIME_EXEC_PROCESS_H
#define RUNTIME_EXEC_PROCESS_H

#include "base/base.h"
#include "oci/config.h"

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

/* UID or UID:GID, decimal numbers and nothing else. *ret_gid stays without the second.
 * Reporting. */
must_check int exec_process_parse_user(const char *text, uint32_t *ret_uid, uint32_t *ret_gid);
/* The process, checked. `saved` is the container's own: what --process leaves out of
 * capabilities, limits, labels and oomScoreAdj comes from it. Reporting. */
must_check int exec_process(const struct exec_options *options, const struct process_spec *saved,
			    struct process_spec *ret);

#endif
