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

struct container;
struct plan_hook;
/*
 * As hooks_run()'s become, in a child of `start`: runs a startContainer hook inside the created
 * container, as a process of `exec` with the container's own user, capabilities and filter, and
 * ends as that does. What keeps it from running is written to standard error.
 */
no_return void container_exec_hook(const struct container *c, const struct plan_hook *hook);

#endif
