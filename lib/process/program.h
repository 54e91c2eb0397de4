/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the program that will be executed. */
#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

#include "base/base.h"

/*
 * Step: looks process.args[0] up in the container's PATH and sets box.final->path. Reporting, with
 * the words of base/words.h.
 */
must_check int program_find(void *ctx);

#endif
