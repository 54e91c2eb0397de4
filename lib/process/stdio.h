/* SPDX-License-Identifier: Apache-2.0 */
/* Standard input, output and error. */
#ifndef PROCESS_STDIO_H
#define PROCESS_STDIO_H

#include "base/base.h"

/*
 * Step: replaces a null device of the host by that of the container. Gives pipes to the container's
 * user. Reporting.
 */
must_check int stdio_fix(void *ctx);

#endif
