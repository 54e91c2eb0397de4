/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs of ours that work beside a container: tamis-agent (denials.h), tamis-record
 * (recorded.h).
 */
#ifndef RUNTIME_COMPANION_H
#define RUNTIME_COMPANION_H

#include "base/base.h"

#include <sys/types.h>

/*
 * Opens the program beside this one if this one was called by a path, as in a build; else the
 * installed one. self is argv[0]; option is for the message. Reporting.
 */
must_check int companion_open(const char *option, const char *self, const char *name,
			      const char *installed);
/*
 * Makes a listening AF_UNIX socket of that type in dir, whatever the length of its path. Silent.
 */
must_check int companion_socket(int dir, const char *name, int type);
/* Starts the program with fds as its descriptors 0 to n - 1. Returns its pid. Silent. */
must_check int companion_start(int program, const char *const *argv, const int *fds, int n);
/*
 * Waits for its end, which follows from that of the container, and ends it after some time. Silent
 * but for a warning.
 */
void companion_end(const char *name, pid_t pid, uint64_t start, const char *boot_id,
		   int timeout_ms);

#endif
