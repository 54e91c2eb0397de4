/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a process of the container in the foreground: connects its terminal and its signals with
 * those of the caller until it ends.
 */
#ifndef RUNTIME_RELAY_H
#define RUNTIME_RELAY_H

#include "base/base.h"

#include <signal.h>

struct relay {
	int pidfd;    /* of the process, which is our child */
	int master;   /* master of its terminal, or -1 */
	int signals;  /* from relay_block() */
	int sdnotify; /* the container's notify socket, or -1 */
};

/*
 * Blocks the signals that are forwarded and returns a signalfd(2) for them. Called before the
 * process is made, so that no signal is lost. *ret_old is the earlier mask. Reporting.
 */
must_check int relay_block(sigset_t *ret_old);
/* Prepares the master of the process's terminal, before its program starts. Reporting. */
must_check int relay_begin(int master);
/*
 * Copies data and forwards signals until the process has ended and its output has been written.
 * Reaps orphans. *ret_exit is the exit code, or 128+n for signal n. Restores the modes of the
 * caller's terminal. Reporting.
 */
must_check int relay_run(const struct relay *relay, int *ret_exit);

#endif
