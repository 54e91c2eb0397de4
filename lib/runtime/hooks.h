/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the hooks of a container. */
#ifndef RUNTIME_HOOKS_H
#define RUNTIME_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"
#include "runtime/container.h"

/*
 * Runs the hooks of one kind, from the saved config, with the state on standard input. Reporting.
 */
must_check int container_hooks(struct container *c, enum hook_kind kind, enum status status);
/* Runs the startContainer hooks, which are processes of the container. Reporting. */
must_check int container_hooks_start(struct container *c);

#endif
