/* SPDX-License-Identifier: Apache-2.0 */
/* How long commands wait. */
#ifndef RUNTIME_TIMEOUTS_H
#define RUNTIME_TIMEOUTS_H

enum {
	/* For another command that holds the container's lock. */
	LOCK_TIMEOUT_MS = 10000,
	/* For a command found at work by delete --force, after its container was killed. */
	FORCE_PATIENCE_MS = 2000,
	/* For an answer of a process that others in the container may have stopped. */
	READY_TIMEOUT_MS = 10000,
	/* For processes to end after SIGKILL. */
	DEATH_TIMEOUT_MS = 10000,
	/* For the processes of a container to be frozen. */
	FREEZE_TIMEOUT_MS = 10000,
};

#endif
