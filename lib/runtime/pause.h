/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes a container. */
#ifndef RUNTIME_PAUSE_H
#define RUNTIME_PAUSE_H

#include "base/base.h"
#include "runtime/container.h"

/* Freezes a created or running one, with the lock; 10 s at most. Reporting. */
must_check int container_pause(struct container *c);

#endif
