/* SPDX-License-Identifier: Apache-2.0 */
/* What a container is doing. */
#ifndef RUNTIME_STATUS_H
#define RUNTIME_STATUS_H

#include "base/base.h"
#include "runtime/container.h"

/* What the kernel says about it now. Never waits, needs no lock. A record of the time when a
 * create was at work is read again. */
enum status container_status(struct container *c);
/* The word of the runtime-spec for it. */
const char *status_word(enum status status);

#endif
