/* SPDX-License-Identifier: Apache-2.0 */
/* Thaws a container. */
#ifndef RUNTIME_RESUME_H
#define RUNTIME_RESUME_H

#include "base/base.h"
#include "runtime/container.h"

/* Takes the lock and thaws a paused container, within 10 s. Reporting. */
must_check int container_resume(struct container *c);

#endif
