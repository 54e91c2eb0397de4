/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives the answers KILL_PROCESS, KILL_THREAD and TRAP to a call that waits for a supervisor.
 *
 * Only the kernel can end a process as a filter does: a signal from outside is ignored by the init
 * of a PID namespace, can be blocked, and has other data (sigaction(2)). So the thread is stopped
 * by ptrace(2), repeats the call, and at its entry gets a number for which the filter itself has
 * that answer (seccomp/notifying.h). For TRAP the data of the signal are then set to those of the
 * original call.
 */
#ifndef OBSERVE_PENALTY_H
#define OBSERVE_PENALTY_H

#include "base/base.h"

#include <linux/seccomp.h>

struct listener;

/* How the answer was given. */
enum penalty {
	PENALTY_EXACT, /* by the kernel, as the filter of the profile would have done */
	/*
	 * by SIGKILL, because the thread cannot be traced (it has a tracer) or its architecture is
	 * not supported: the process ends with another signal, and with all its threads
	 */
	PENALTY_KILLED,
	PENALTY_GONE, /* the thread waits no longer */
};

/*
 * Gives `answer` (SECCOMP_RET_KILL_PROCESS, _KILL_THREAD or _TRAP, with its data) to the call that
 * `listener` received from fd. proc: from procfs_open(). process: pidfd of the thread's process,
 * which was opened while the call waited; -1: unknown. For KILL_PROCESS it gets SIGKILL if the
 * thread is gone, because another one may have ended it by execve(2). Ends within some seconds.
 * Silent.
 */
enum penalty penalty_give(struct listener *listener, int fd, int proc, int process,
			  uint32_t answer);

/*
 * Ends the process, as of penalty_give(), by SIGKILL, then answers the call with EPERM. Does not
 * wait. For a filter that does not have the answers of penalty_give(). Silent.
 */
enum penalty penalty_kill(struct listener *listener, int fd, int process);
/*
 * Lets go of threads that could not be stopped in time, because they were frozen. To be called from
 * time to time until it returns 0. Returns how many are left. Does not wait. Silent.
 */
size_t penalty_tidy(void);

#endif
