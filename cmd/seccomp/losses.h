/* SPDX-License-Identifier: Apache-2.0 */
/* What gets lost when answers are written in a form that cannot say all of them. */
#ifndef CMD_SECCOMP_LOSSES_H
#define CMD_SECCOMP_LOSSES_H

#include "base/base.h"
#include "seccomp/verdicts.h"

/* The first of them, "read() on x86_64: ALLOW would become LOG"; NULL: nothing is lost. Arena. */
const char *losses_first(const struct canon *canon, const struct verdicts *wanted,
			 const struct verdicts *written);
/* Prints all of them on standard error, in lines of at most 79 columns. */
void losses_print(const struct canon *canon, const struct verdicts *wanted,
		  const struct verdicts *written);

#endif
