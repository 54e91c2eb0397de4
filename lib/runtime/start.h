/* SPDX-License-Identifier: Apache-2.0 */
/* Starts a container. */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include "base/base.h"
#include "runtime/container.h"

/* Lets a created container's program run; returns when it does (or says why it does not). */
must_check int container_start(struct container *c);
/* Behind it, where a service manager waits for that (NOTIFY_SOCKET), until the program said that
 * it is ready, which is passed on with its pid; or has ended. The lock is given back before. */
must_check int container_start_await_ready(struct container *c);

#endif
