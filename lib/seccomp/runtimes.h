/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a profile means to the runtimes that may get it. A profile that is written for any runtime
 * must be right in each of these meanings.
 */
#ifndef SECCOMP_RUNTIMES_H
#define SECCOMP_RUNTIMES_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/verdicts.h"

struct profile;

enum runtime {
	RUNTIME_TAMIS,
	RUNTIME_RUNC,	  /* with a libseccomp that knows all calls that tamis knows */
	RUNTIME_RUNC_OLD, /* with libseccomp 2.5.4, which skips the names of newer calls */
	RUNTIME_CRUN,	  /* which answers calls newer than the profile by the default action */
	RUNTIME_CRUN_OLD,
	RUNTIME_COUNT,
};

/*
 * Computes what the profile answers under the runtime. A profile that the runtime would refuse,
 * because its rules contradict each other, is an error. Arena. Reporting.
 */
must_check int runtimes_verdicts(const struct profile *profile, enum abi native,
				 enum runtime runtime, struct canon *canon, struct verdicts *ret);
/* "runc with libseccomp 2.5.4" */
const char *runtimes_name(enum runtime runtime);
/* Whether libseccomp 2.5.4 does not know the call: it came after Linux 5.17. */
bool runtimes_is_new(unsigned int id);

#endif
