/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of lib/runtime share about a container's steps. */
#ifndef RUNTIME_LIFECYCLE_H
#define RUNTIME_LIFECYCLE_H

#include "base/base.h"
#include "plan/plan.h"
#include "runtime/container.h"

enum {
	/* How long a command waits for another that holds the container's lock. */
	LOCK_TIMEOUT_MS = 10000,
	/* How long a command that a forced delete found at work may go on: its container is dead.
	 */
	FORCE_PATIENCE_MS = 2000,
	/* How long a process that others in the container may have stopped takes to answer. */
	READY_TIMEOUT_MS = 10000,
	/* How long processes may take to die after SIGKILL before that is reported. */
	DEATH_TIMEOUT_MS = 10000,
	/* How long the processes of a container may take to stand still. */
	FREEZE_TIMEOUT_MS = 10000,
};

/* Undoes create_steps[] from their end: `delete`, for a container in any state. Reporting. */
must_check int container_create_undo(struct container *c);
/* Sends SIGKILL to init and waits until it is gone. Absent is done. Reporting. */
must_check int container_end(struct container *c);
/* Runs the hooks of one kind with the state on standard input, from the saved config.
 * Reporting. */
must_check int container_hooks(struct container *c, enum plan_hook_kind kind, enum status status);
/* startContainer hooks, which are processes of the container: what they get and see is its.
 * Reporting. */
must_check int container_hooks_start(struct container *c);
/* runtime-spec config-linux "containerProcessState" of that process: what the seccomp agent
 * gets with the descriptor. Arena. */
const char *container_state_of_process(const struct container *c, enum status status, pid_t pid);
/* The runtime-spec State with rootfs and created; its owner is left to the caller. */
struct state;
void container_state_describe(const struct container *c, enum status status, struct state *ret);
#endif
