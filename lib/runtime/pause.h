/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes a container. */
#ifndef RUNTIME_PAUSE_H
#define RUNTIME_PAUSE_H

#include "base/base.h"
#include "runtime/container.h"

/* Takes the lock and freezes a created or running container, within 10 s. Reporting. */
must_check int container_pause(struct container *c);

#endif
