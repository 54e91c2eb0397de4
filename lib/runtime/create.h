/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a container. */
#ifndef RUNTIME_CREATE_H
#define RUNTIME_CREATE_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Does everything up to the status "created": reads and plans, refuses what can be refused, then
 * runs create_steps[]. A failing step undoes those before it. On success *ret is open and locked.
 * Reporting.
 */
must_check int container_create(const struct create_options *options, struct container *ret);

/*
 * Undoes create_steps[] from their end. This is `delete`, for a container in any state. Reporting.
 */
must_check int container_create_undo(struct container *c);

#endif
