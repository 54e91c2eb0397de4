/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes and loads the first seccomp filter, before any process in the container can see this one.
 */
#ifndef PROCESS_EARLY_H
#define PROCESS_EARLY_H

#include "base/base.h"

struct exact_call;
struct filter;

/*
 * Step: makes the first filter. If the profile allows all system calls that are still to be made
 * (final_calls()), the first filter is the profile. Otherwise it is a wider filter, which answers
 * as the profile does but also allows exactly these calls. The last of the calls then loads the
 * profile. Does nothing without a profile. Reporting.
 */
must_check int early_prepare(void *ctx);
/*
 * Step: loads the first filter. If it is the profile, CAP_SYS_ADMIN is dropped. Otherwise a process
 * without no_new_privs keeps CAP_SYS_ADMIN to load the profile later. Reporting.
 */
must_check int early_load(void *ctx);

/*
 * Builds the wider filter of early_prepare(), in the arena: `profile` with the n exact calls
 * allowed in front of it. Returns -E2BIG if it would be longer than BPF_MAXINSNS. Silent.
 */
must_check int early_front(const struct filter *profile, const struct exact_call *calls, size_t n,
			   const struct filter **ret);

#endif
