/* SPDX-License-Identifier: Apache-2.0 */
/* Starts a container. */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Starts the program of a created container. Returns when the program runs, or with the reason why
 * it does not. Reporting.
 */
must_check int container_start(struct container *c);
/*
 * Called after container_start(). If a service manager waits for readiness (NOTIFY_SOCKET), waits
 * until the program is ready, which is forwarded with its pid, or has ended. Releases the lock
 * before. Reporting.
 */
must_check int container_start_await_ready(struct container *c);

#endif
