/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back what the container's process was given. */
#ifndef PROCESS_VERIFY_H
#define PROCESS_VERIFY_H

#include "base/base.h"

/* Step: compares what handles.proc reports about this process with the plan. Reporting. */
must_check int verify_confinement(void *ctx);

#endif
