/* SPDX-License-Identifier: Apache-2.0 */
/* Finds rules about one call between which libseccomp would choose in its own way. */
#ifndef SECCOMP_NOTIFY_OVERLAP_H
#define SECCOMP_NOTIFY_OVERLAP_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/profile.h"

/* Whether two rules about the call with different actions match the same arguments. */
bool notify_overlap_has(const struct profile *profile, const char *call, struct canon *canon);

#endif
