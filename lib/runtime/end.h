/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a container's init. */
#ifndef RUNTIME_END_H
#define RUNTIME_END_H

#include "base/base.h"
#include "runtime/container.h"

/* Sends SIGKILL to init and waits until it is gone. Absent is done. Reporting. */
must_check int container_end(struct container *c);

#endif
