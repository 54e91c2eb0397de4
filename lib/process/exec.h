/* SPDX-License-Identifier: Apache-2.0 */
/* A further process of a container. */
#ifndef PROCESS_EXEC_H
#define PROCESS_EXEC_H

#include "base/base.h"

struct handles;
struct plan;

/* The process that spawn_exec() made, in its namespaces. */
no_return void exec_run(const struct plan *plan, struct handles *h);

#endif
