/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of one purpose between which C libraries choose (families.inc). */
#ifndef SECCOMP_FAMILIES_H
#define SECCOMP_FAMILIES_H

#include "base/base.h"

/*
 * Adds to the calls with member[id] those that the same program makes with another C library, an
 * older kernel or on another architecture. Not those that are only tried first: under a profile
 * that answers ENOSYS by default the program then makes the one that is a member.
 */
void families_add(bool *member);

#endif
