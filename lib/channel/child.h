/* SPDX-License-Identifier: Apache-2.0 */
/* A child process of the runtime: init, or a process of `exec`. */
#ifndef CHANNEL_CHILD_H
#define CHANNEL_CHILD_H

#include "base/base.h"

#include <sys/types.h>

struct child {
	pid_t pid; /* in the PID namespace of the caller */
	int pidfd;
};

/* Initialises *child for the process `pid`, which must be a child of the caller. Reporting. */
must_check int child_adopt(struct child *child, pid_t pid);
/*
 * Reaps children that have no struct child. After a failed spawn_follow() the process proper may
 * have existed, and ended unseen with its PID namespace. If nobody reaps its zombie, the init of
 * that namespace cannot end. Waits for all children that `who` means to waitpid(2) (-1: all), at
 * most timeout_ms. Silent.
 */
void child_reap(pid_t who, int timeout_ms);
/*
 * Sends SIGKILL by pidfd and waits some seconds for the end. If a tracer in the container holds the
 * process, it is reaped when the caller ends. Used for undo. Silent.
 */
void child_end(struct child *child);

#endif
