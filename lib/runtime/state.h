/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime-spec State of a container. */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include "base/base.h"
#include "runtime/container.h"

struct state;

/* The runtime-spec State of it as JSON; full: with what the `state` command adds. Arena. */
char *container_state(const struct container *c, enum status status, bool full);

/* runtime-spec config-linux "containerProcessState" of that process: what the seccomp agent
 * gets with the descriptor. Arena. */
const char *container_state_of_process(const struct container *c, enum status status, pid_t pid);

/* Fills *ret, with rootfs and created; its owner is left to the caller. */
void container_state_describe(const struct container *c, enum status status, struct state *ret);

#endif
