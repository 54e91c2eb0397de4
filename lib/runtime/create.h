/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a container. */
#ifndef RUNTIME_CREATE_H
#define RUNTIME_CREATE_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Everything up to "created": reads and plans, refuses what can be refused, then acts step
 * by step; a failing step undoes those before it. *ret is open and locked afterwards.
 */
must_check int container_create(const struct create_options *options, struct container *ret);

/* Undoes create_steps[] from their end: `delete`, for a container in any state. Reporting. */
must_check int container_create_undo(struct container *c);

#endif
