/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel's own records say of denials, for people and as JSON. */
#ifndef CMD_SECCOMP_WHY_KERNEL_H
#define CMD_SECCOMP_WHY_KERNEL_H

#include "observe/kernel_log.h"

/* Whose records are wanted. */
struct why_question {
	const char *name; /* "container web", "process 12"; NULL: of all processes */
	/* the container's processes; all: its processes have ended, so that none can be told apart
	 */
	size_t n_pids;
	const pid_t *pids;
	bool all;
	int64_t since_ms;
};

/*
 * Prints what the records say, at most what fits on a screen (is_all: everything), and what they
 * cannot say. Returns how many denials there are.
 */
size_t why_kernel_print(const struct why_question *q, const struct kernel_log *log, bool is_all);
/* The same as JSON, all of it. */
size_t why_kernel_print_json(const struct why_question *q, const struct kernel_log *log);

#endif
