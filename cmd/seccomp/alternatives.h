/* SPDX-License-Identifier: Apache-2.0 */
/* What would change the answer to a call: a capability, another kernel, another argument. */
#ifndef CMD_SECCOMP_ALTERNATIVES_H
#define CMD_SECCOMP_ALTERNATIVES_H

#include "cmd/seccomp/question.h"
#include "cmd/seccomp/subject.h"

struct alternative {
	const char
		*what; /* "with CAP_SYS_ADMIN", "before Linux 4.8", "with another value of flags" */
	canon_ref decision;
};

struct alternatives {
	size_t n;
	struct alternative *v;
};

/* All under which `decision`, the answer on that ABI, is another. Arena. Reporting. */
must_check int alternatives_find(const struct subject *s, const struct question *q, enum abi abi,
				 canon_ref decision, struct canon *canon, struct alternatives *ret);

#endif
