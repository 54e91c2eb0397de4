/* SPDX-License-Identifier: Apache-2.0 */
/* A child of ours: init, or a process of exec. */
#ifndef CHANNEL_CHILD_H
#define CHANNEL_CHILD_H

#include "base/base.h"

#include <sys/types.h>

struct child {
	pid_t pid; /* in the caller's pid namespace */
	int pidfd;
};

/* Fills *child for the process of that pid, which must be a child of ours. Reporting. */
must_check int child_adopt(struct child *child, pid_t pid);
/*
 * After a spawn_follow() that failed: the process proper may have been there, and be a child of
 * ours that died unnamed with its PID namespace. Its zombie would keep the namespace's init from
 * ending where nobody else reaps. Waits for all children of the caller that waitpid(2) means by
 * who (-1: all), at most that long. Silent.
 */
void child_reap(pid_t who, int timeout_ms);
/* SIGKILL by pidfd and wait for the end, some seconds: a tracer in the container may hold what
 * is left of it, which then is reaped when we end. Silent; for undo. */
void child_end(struct child *child);

#endif
