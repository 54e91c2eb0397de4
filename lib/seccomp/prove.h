/* SPDX-License-Identifier: Apache-2.0 */
/* That a program does what its policy says, for every call and every argument. */
#ifndef SECCOMP_PROVE_H
#define SECCOMP_PROVE_H

#include "base/base.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"

/* place: of the profile, for messages. Reporting: the first call that is answered
 * differently, with its number and arguments. */
must_check int prove(const struct policy *policy, const struct program *program, const char *place);

#endif
