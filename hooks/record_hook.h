/* SPDX-License-Identifier: Apache-2.0 */
/* tamis-record as an OCI hook, of any runtime. */
#ifndef HOOKS_RECORD_HOOK_H
#define HOOKS_RECORD_HOOK_H

#include "base/base.h"

/*
 * Reads the container's State from standard input. If its annotations ask for it, starts a process
 * that records the container, and returns when that is ready. Returns the exit code, and in that
 * process after the end of the container.
 */
int record_hook(int argc, char **argv);

#endif
