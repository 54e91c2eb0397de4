/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps that set process attributes, other than credentials, that survive execve(2). All reporting.
 */
#ifndef PROCESS_ATTRIBUTES_H
#define PROCESS_ATTRIBUTES_H

#include "base/base.h"

/* Step: setsid(2). */
must_check int attributes_make_session(void *ctx);
/* Step: applies linux.personality (personality(2)). It takes effect at execve(2). */
must_check int attributes_set_personality(void *ctx);
/* Step: sets process.user.umask. Resource limits are set later, by final_run(). */
must_check int attributes_set_umask(void *ctx);

#endif
