/* SPDX-License-Identifier: Apache-2.0 */
/* The first call that two sets of answers answer differently, in words. */
#ifndef SECCOMP_DIFFERENCE_H
#define SECCOMP_DIFFERENCE_H

#include "base/base.h"
#include "seccomp/verdicts.h"

/*
 * "socket(0x28) on SCMP_ARCH_X86_64: ERRNO(EPERM) and ALLOW", for the first call for whose two
 * answers counts() is true; NULL: every call. Arguments on which neither depends are left out at
 * the end. Returns NULL if there is none. Arena.
 */
const char *difference_first(const struct canon *canon, const struct verdicts *a,
			     const struct verdicts *b, bool (*counts)(uint32_t a, uint32_t b));

#endif
