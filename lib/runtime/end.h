/* SPDX-License-Identifier: Apache-2.0 */
/* Ends a container's init. */
#ifndef RUNTIME_END_H
#define RUNTIME_END_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Sends SIGKILL to init and waits until it has ended. It is no error if init has ended already.
 * Reporting.
 */
must_check int container_end(struct container *c);

#endif
