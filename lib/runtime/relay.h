/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process of the container in the foreground: its terminal and its signals are the caller's until
 * it ends.
 */
#ifndef RUNTIME_RELAY_H
#define RUNTIME_RELAY_H

#include "base/base.h"

#include <signal.h>

struct relay {
	int pidfd;   /* of the process, our child */
	int master;  /* its terminal, or -1 */
	int signals; /* from relay_block */
	int notify;  /* the container's NOTIFY_SOCKET, or -1 */
};

/* Blocks what is to be forwarded and gives a descriptor that reads it: before the process is
 * made, so that no signal is lost between. ret_old: the mask as it was. Reporting. */
must_check int relay_block(sigset_t *ret_old);
/* Prepares the master of the process's terminal, before its program begins. Reporting. */
must_check int relay_begin(int master);
/* Copies and forwards until the process has ended and its output is drained; reaps orphans.
 * *ret_exit: its exit code, 128+n for signal n. The caller's terminal is as it was
 * afterwards. Reporting. */
must_check int relay_run(const struct relay *relay, int *ret_exit);

#endif
