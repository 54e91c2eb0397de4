/* SPDX-License-Identifier: Apache-2.0 */
/* How long commands wait. */
#ifndef RUNTIME_TIMEOUTS_H
#define RUNTIME_TIMEOUTS_H

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

#endif
