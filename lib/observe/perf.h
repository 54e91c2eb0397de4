/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records a command by perf_event_open(2): the kernel reports each system call of the command and
 * its children from the execve on. Nothing in the processes changes. Needs root or CAP_PERFMON, and
 * tracefs.
 */
#ifndef OBSERVE_PERF_H
#define OBSERVE_PERF_H

#include "observe/recorder.h"

/* NULL if the engine can be used, else why it cannot, in words. */
const char *perf_missing(void);
/* Runs the command and records it until the last of its processes has ended. Reporting. */
must_check int perf_record(struct recorder *r);

#endif
