/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's conditions on a whole rule: includes and excludes. */
#ifndef SECCOMP_RESOLVE_H
#define SECCOMP_RESOLVE_H

#include "oci/decode.h"
#include "seccomp/profile.h"

/* The contents of "includes" or "excludes". */
struct resolve_filter {
	const struct json *at;
	struct strings arches; /* Docker's names */
	struct strings caps;   /* "CAP_..." */
	const char *min_kernel;
};

/*
 * Whether the rule applies. Nothing that excludes names may be the case, and everything that
 * includes names must be: the native architecture is in the list, every capability is held, the
 * kernel is new enough. Returns 1 or 0, or an error for a malformed kernel version. Reporting.
 */
must_check int resolve_rule(const struct resolve_filter *includes,
			    const struct resolve_filter *excludes,
			    const struct profile_facts *facts);

#endif
