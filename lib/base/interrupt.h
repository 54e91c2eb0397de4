/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGINT and SIGTERM while work is under way that waits for other processes: those are ended,
 * so that every wait comes to its end, the step fails, and what was done is undone.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include "base/base.h"

enum interrupt_victim {
	INTERRUPT_INIT, /* the container's process, as long as it is not the user's program */
	INTERRUPT_HOOK,
	INTERRUPT_SYSTEMD, /* the program that talks to systemd for us */
	INTERRUPT_VICTIMS,
};

/* From here on the two signals do that, although they may have been blocked. Reporting. */
must_check int interrupt_begin(void);
/* Blocks both again. The signal that came meanwhile, or 0. */
int interrupt_end(void);
/* Blocks both again; a signal that came meanwhile becomes the error of the command: 0, or a
 * reported one in place of the one that it led to. */
must_check int interrupt_report(void);
/* The two signals end the process again, as at its beginning; nothing is undone then. */
void interrupt_default(void);
/* Whom a signal ends with SIGKILL: the process of that pidfd, which stays the caller's. -1:
 * nobody any more. After a signal that nobody took, at once. */
void interrupt_watch(enum interrupt_victim victim, int pidfd);
/* Undoing begins: what it makes (poststop hooks) is for the next signal only. */
void interrupt_take(void);
/* Whether one came that nobody took. */
bool interrupt_is_due(void);
/* Waits for these events of poll(2): 0, -EINTR when a signal is due, other -errno. Silent. */
must_check int interrupt_await(int fd, short events);

#endif
