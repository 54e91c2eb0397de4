/* SPDX-License-Identifier: Apache-2.0 */
/* A process puts itself into the container's cgroups. */
#ifndef PROCESS_CGROUPS_H
#define PROCESS_CGROUPS_H

#include "base/base.h"

/* Step: "0" into each of handles.tasks. Reporting. */
must_check int cgroups_enter(void *ctx);

#endif
