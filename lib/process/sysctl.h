/* SPDX-License-Identifier: Apache-2.0 */
/* linux.sysctl */
#ifndef PROCESS_SYSCTL_H
#define PROCESS_SYSCTL_H

#include "base/base.h"

/* Step. Reporting. */
must_check int sysctl_write(void *ctx);

#endif
