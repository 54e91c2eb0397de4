/* SPDX-License-Identifier: Apache-2.0 */
/* Sends signals to a container. */
#ifndef RUNTIME_KILL_H
#define RUNTIME_KILL_H

#include "base/base.h"
#include "runtime/container.h"

/* Sends sig to init, or with `all` to every process of the container. Reporting. */
must_check int container_kill(struct container *c, int sig, bool all);

#endif
