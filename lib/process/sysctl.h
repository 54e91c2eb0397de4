/* SPDX-License-Identifier: Apache-2.0 */
/* Writes linux.sysctl. */
#ifndef PROCESS_SYSCTL_H
#define PROCESS_SYSCTL_H

#include "base/base.h"

/* Step: writes each value through handles.proc. Reporting. */
must_check int sysctl_write(void *ctx);

#endif
