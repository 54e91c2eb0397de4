/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in profile, for configurations that have none. */
#ifndef SECCOMP_DEFAULT_H
#define SECCOMP_DEFAULT_H

#include "seccomp/profile.h"

/*
 * Makes the default profile for these capabilities on this machine. A denied call gets EPERM; a
 * call in no table gets ENOSYS from the filter. It denies what Docker's default profile of 2026
 * denies. Returns -ENOTSUP if facts->native is not an ABI with tables of our own. Silent.
 */
must_check int default_profile(const struct profile_facts *facts, struct profile *ret);

#endif
