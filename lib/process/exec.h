/* SPDX-License-Identifier: Apache-2.0 */
/* A further process in a running container. */
#ifndef PROCESS_EXEC_H
#define PROCESS_EXEC_H

#include "base/base.h"

struct handles;
struct plan;

/*
 * Body of the process that spawn_exec() made, which is in the container's namespaces. Does not
 * return.
 */
no_return void exec_run(const struct plan *plan, struct handles *h);

#endif
