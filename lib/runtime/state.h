/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime-spec State of a container. */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include "base/base.h"
#include "runtime/container.h"

struct state;

/*
 * Returns the State as JSON, in the arena. full: with the additional members of the `state`
 * command.
 */
char *container_state(const struct container *c, enum status status, bool full);

/*
 * Returns "containerProcessState" (runtime-spec, config-linux) for that process, which the seccomp
 * agent gets with the listener. The agent of --explain-denials knows its container; for it the
 * object is empty, so that annotations of any length fit into the message. In the arena.
 */
const char *container_state_of_process(const struct container *c, enum status status, pid_t pid);

/* Fills *ret, including rootfs and created. The caller sets the owner. */
void container_state_describe(const struct container *c, enum status status, struct state *ret);

#endif
