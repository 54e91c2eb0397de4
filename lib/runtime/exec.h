/* SPDX-License-Identifier: Apache-2.0 */
/* The `exec` command: a further process in a container. */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include "base/base.h"
#include "runtime/exec_process.h"

/*
 * Runs the process. Detached: returns when the program runs. Else waits for its end, *ret_exit
 * is its exit code, 128+n for signal n. A failure leaves no process and no pid file. Reporting.
 */
must_check int container_exec(const struct exec_options *options, int *ret_exit);

#endif
