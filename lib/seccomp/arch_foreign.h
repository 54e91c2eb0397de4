/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of architectures we have no tables for. Only arch.c uses this. */
#ifndef SECCOMP_ARCH_FOREIGN_H
#define SECCOMP_ARCH_FOREIGN_H

#include "base/base.h"

/* mips numbers its three ABIs from 4000, 5000 and 6000. */
enum { FOREIGN_END = 7000 };

/* By AUDIT_ARCH_* and name: the number or -1. */
int arch_foreign_nr(uint32_t audit, const char *name);
/* By AUDIT_ARCH_* and number: the name, in the arena, or NULL. */
const char *arch_foreign_name(uint32_t audit, uint32_t nr);

#endif
