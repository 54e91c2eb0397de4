/* SPDX-License-Identifier: Apache-2.0 */
/* The environment of the program, and of our caller. */
#ifndef PROCESS_ENVIRONMENT_H
#define PROCESS_ENVIRONMENT_H

#include "base/base.h"

/* Step: box.final->envp, with HOME from the image's /etc/passwd. Reporting. */
must_check int environment_make(void *ctx);
/* Wipes the caller's environment, which hooks of ours had until now: before anybody in the
 * container can see the process. Silent. */
void environment_forget(void);

#endif
