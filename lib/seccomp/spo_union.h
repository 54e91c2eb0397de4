/* SPDX-License-Identifier: Apache-2.0 */
/* A profile and its base profile as one. */
#ifndef SECCOMP_SPO_UNION_H
#define SECCOMP_SPO_UNION_H

#include "seccomp/profile.h"

/*
 * Puts the rules of base before those of *profile; all else stays the profile's own. Of two
 * rules for one call that differ the less restrictive stays, as the operator has it. Reporting:
 * conditions whose union no list of rules can say.
 */
must_check int spo_union(const struct profile *base, struct profile *profile);

#endif
