/* SPDX-License-Identifier: Apache-2.0 */
/* Moves the calling process into the container's cgroups. */
#ifndef PROCESS_CGROUPS_H
#define PROCESS_CGROUPS_H

#include "base/base.h"

/* Step: writes "0" into each open `tasks` file in handles.tasks. Reporting. */
must_check int cgroups_enter(void *ctx);

#endif
