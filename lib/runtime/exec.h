/* SPDX-License-Identifier: Apache-2.0 */
/* The `exec` command: a further process in a container. */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include "base/base.h"
#include "runtime/exec_process.h"

/*
 * Runs the process. Detached: returns when the program runs. Otherwise waits for its end; *ret_exit
 * is its exit code, or 128+n for signal n. After a failure there is no process and no pid file.
 * Reporting.
 */
must_check int container_exec(const struct exec_options *options, int *ret_exit);

struct container;
struct plan_hook;
/*
 * Value for `become` of hooks_run(), called in a child of `start`. Runs a startContainer hook in
 * the created container like a process of `exec`, with the container's own user, capabilities and
 * filter, and ends as the hook does. Errors go to standard error.
 */
no_return void container_exec_hook(const struct container *c, const struct plan_hook *hook);

#endif
