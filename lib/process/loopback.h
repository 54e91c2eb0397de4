/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback interface. */
#ifndef PROCESS_LOOPBACK_H
#define PROCESS_LOOPBACK_H

#include "base/base.h"

/* Step: brings it up in a network namespace that was made. Reporting. */
must_check int loopback_up(void *ctx);

#endif
