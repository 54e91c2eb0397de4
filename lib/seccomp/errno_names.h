/* SPDX-License-Identifier: Apache-2.0 */
/* Names of error numbers, as profiles write them. */
#ifndef SECCOMP_ERRNO_NAMES_H
#define SECCOMP_ERRNO_NAMES_H

#include "base/base.h"

/* EPERM for "EPERM"; -1 if there is no such name. Native numbers: mips has others. */
int errno_names_find(const char *name);

#endif
