/* SPDX-License-Identifier: Apache-2.0 */
/* One program that does what two would do if both were loaded. */
#ifndef SECCOMP_STACK_H
#define SECCOMP_STACK_H

#include "base/base.h"
#include "seccomp/emit.h"

/*
 * The program that gives every call the stricter of the answers of a and b, in the kernel's order
 * (seccomp(2)); of equals a's. Both must be readable (lift.h). The result is proved to be that.
 * place names b in messages. Reporting: too long, too complex.
 */
must_check int stack(const struct program *a, const struct program *b, const char *place,
		     struct program *ret);

#endif
