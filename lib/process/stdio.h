/* SPDX-License-Identifier: Apache-2.0 */
/* Standard input, output and error. */
#ifndef PROCESS_STDIO_H
#define PROCESS_STDIO_H

#include "base/base.h"

/* Step: the host's null device becomes the container's; pipes are given to the user. Reporting. */
must_check int stdio_fix(void *ctx);

#endif
