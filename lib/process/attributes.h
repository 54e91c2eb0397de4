/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that set what execve(2) hands on besides credentials. All reporting. */
#ifndef PROCESS_ATTRIBUTES_H
#define PROCESS_ATTRIBUTES_H

#include "base/base.h"

/* setsid(2) */
must_check int attributes_make_session(void *ctx);
/* linux.personality, for the execve. */
must_check int attributes_set_personality(void *ctx);
/* process.user.umask; rlimits wait until the end: final.h. */
must_check int attributes_set_umask(void *ctx);

#endif
