/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of a container. */
#ifndef RUNTIME_HOOKS_H
#define RUNTIME_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"
#include "runtime/container.h"

/* Runs the hooks of one kind with the state on standard input, from the saved config.
 * Reporting. */
must_check int container_hooks(struct container *c, enum plan_hook_kind kind, enum status status);
/* startContainer hooks, which are processes of the container: what they get and see is its.
 * Reporting. */
must_check int container_hooks_start(struct container *c);

#endif
