/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's conditions on a whole rule: includes and excludes. */
#ifndef SECCOMP_RESOLVE_H
#define SECCOMP_RESOLVE_H

#include "oci/decode.h"
#include "seccomp/profile.h"

/* "includes" or "excludes". */
struct resolve_filter {
	const struct json *at;
	struct strings arches; /* Docker's names */
	struct strings caps;   /* "CAP_..." */
	const char *min_kernel;
};

/*
 * Whether the rule is in force: none of what excludes names is the case, and all of what
 * includes names: the native architecture in the list, every capability held, the kernel new
 * enough. Returns 1 or 0. Reporting: a kernel version that is none.
 */
must_check int resolve_rule(const struct resolve_filter *includes,
			    const struct resolve_filter *excludes,
			    const struct profile_facts *facts);

#endif
