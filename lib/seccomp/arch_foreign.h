/* SPDX-License-Identifier: Apache-2.0 */
/* System calls of architectures without tables of our own. Only lib/seccomp includes this. */
#ifndef SECCOMP_ARCH_FOREIGN_H
#define SECCOMP_ARCH_FOREIGN_H

#include "base/base.h"

/* Upper bound of their numbers. The three ABIs of mips start at 4000, 5000 and 6000. */
enum { FOREIGN_END = 7000 };

/* Returns the number of a call by AUDIT_ARCH_* and name, or -1. Silent. */
int arch_foreign_nr(uint32_t audit, const char *name);
/* Returns the name of a call by AUDIT_ARCH_* and number, in the arena, or NULL. */
const char *arch_foreign_name(uint32_t audit, uint32_t nr);

#endif
