/* SPDX-License-Identifier: Apache-2.0 */
/* The program that will be executed. */
#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

#include "base/base.h"

/* Step: process.args[0] against the container's PATH; box.final->path. Reporting, in the words of
 * base/words.h. */
must_check int program_find(void *ctx);

#endif
