/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback interface. */
#ifndef PROCESS_LOOPBACK_H
#define PROCESS_LOOPBACK_H

#include "base/base.h"

/* Step: brings the interface up if a new network namespace was made. Reporting. */
must_check int loopback_up(void *ctx);

#endif
