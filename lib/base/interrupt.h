/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles SIGINT and SIGTERM during work that waits for other processes. Those processes are
 * killed, so that every wait ends, the step fails, and what was done is undone.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include "base/base.h"

enum interrupt_victim {
	INTERRUPT_INIT, /* the container's process, until it becomes the user's program */
	INTERRUPT_HOOK,
	INTERRUPT_SYSTEMD, /* tamis-systemd */
	INTERRUPT_VICTIMS,
};

/* From here on the two signals are handled in this way, even if they were blocked. Reporting. */
must_check int interrupt_begin(void);
/* Blocks both signals again. Returns the signal that arrived, or 0. Silent. */
int interrupt_end(void);
/*
 * Blocks both signals again. If a signal arrived, it becomes the error of the command and replaces
 * the error that it caused. Returns 0 or that error. Reporting.
 */
must_check int interrupt_report(void);
/* Restores the default action of both signals. Nothing is undone any more then. */
void interrupt_default(void);
/*
 * Sets the process that a signal kills with SIGKILL. The caller keeps the pidfd. -1: none. If a
 * signal has arrived that interrupt_take() has not taken, the process is killed immediately.
 */
void interrupt_watch(enum interrupt_victim victim, int pidfd);
/*
 * Until the next call, a signal does not kill INTERRUPT_INIT if fd has hung up (POLLHUP), because
 * execve(2) of the user's program closed its other end. Whoever has seen output of the program and
 * then sends a signal means the program. -1: none. The caller keeps the descriptor.
 */
void interrupt_spare_after(int fd);
/* Called when undoing begins: only a further signal ends what undoing starts (poststop hooks). */
void interrupt_take(void);
/* Whether a signal has arrived that interrupt_take() has not taken. */
bool interrupt_is_due(void);
/*
 * Waits for these events of poll(2). Returns 0, -EINTR if a signal is due, or another -errno.
 * Silent.
 */
must_check int interrupt_await(int fd, short events);

#endif
