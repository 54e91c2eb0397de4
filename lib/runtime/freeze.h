/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes and thaws a container: the commands pause and resume. */
#ifndef RUNTIME_FREEZE_H
#define RUNTIME_FREEZE_H

#include "base/base.h"
#include "runtime/container.h"

/* Freezes a created or running container, or thaws a paused one, and takes its lock for that. It
 * waits at most 10 s. Reporting. */
must_check int container_freeze(struct container *c, bool freeze);

#endif
