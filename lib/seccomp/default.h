/* SPDX-License-Identifier: Apache-2.0 */
/* The profile for those who bring none. */
#ifndef SECCOMP_DEFAULT_H
#define SECCOMP_DEFAULT_H

#include "seccomp/profile.h"

/*
 * The built-in default for these capabilities on this machine: what it denies gets EPERM, what
 * no table knows gets ENOSYS from the filter. It denies what Docker's default of 2026 denies.
 * Silent: -ENOTSUP if facts->native is none of the ABIs with tables of our own.
 */
must_check int default_profile(const struct profile_facts *facts, struct profile *ret);

#endif
