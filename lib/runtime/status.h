/* SPDX-License-Identifier: Apache-2.0 */
/* The status of a container. */
#ifndef RUNTIME_STATUS_H
#define RUNTIME_STATUS_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Determines the status from the kernel. Never waits and needs no lock. If the record was read
 * while a create was at work, it is read again.
 */
enum status container_status(struct container *c);

#endif
