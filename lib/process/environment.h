/* SPDX-License-Identifier: Apache-2.0 */
/* The environment of the program, and that of the caller of tamis. */
#ifndef PROCESS_ENVIRONMENT_H
#define PROCESS_ENVIRONMENT_H

#include "base/base.h"

/*
 * Step: sets box.final->envp. Where the plan asks for HOME it is read from the image's /etc/passwd.
 * Reporting.
 */
must_check int environment_make(void *ctx);
/*
 * Overwrites the caller's environment in memory. Hooks could use it until now; from now on
 * processes in the container may see this one. Silent.
 */
void environment_forget(void);

#endif
