/* SPDX-License-Identifier: Apache-2.0 */
/* Names of error numbers in profiles. */
#ifndef SECCOMP_ERRNO_NAMES_H
#define SECCOMP_ERRNO_NAMES_H

#include "base/base.h"

/*
 * Returns EPERM for "EPERM", or -1 for an unknown name. The numbers are those of the native
 * architecture (mips has others). Silent.
 */
int errno_names_find(const char *name);
/* The first name of a number, or NULL. */
const char *errno_names_of(int code);

#endif
