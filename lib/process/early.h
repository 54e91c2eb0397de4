/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the first seccomp filter, before any process in the container can see this one. */
#ifndef PROCESS_EARLY_H
#define PROCESS_EARLY_H

#include "base/base.h"

struct exact_call;
struct filter;

/*
 * Step: chooses the first filter and makes it: the profile itself where it allows all system calls
 * that are left (final_calls()); else a filter that answers as the profile does but for the exact
 * calls of that list, which it allows. One of them loads the profile, last. Nothing to do without
 * a profile. Reporting.
 */
must_check int early_prepare(void *ctx);
/*
 * Step: loads it, before anybody can see the process. Where it is the profile itself
 * CAP_SYS_ADMIN is dropped; else, without no_new_privs, the process keeps CAP_SYS_ADMIN for the
 * second load. Reporting.
 */
must_check int early_load(void *ctx);

/* The program of early_prepare() where the profile alone will not do, in the arena. -E2BIG if it
 * is too long. Silent. */
must_check int early_front(const struct filter *profile, const struct exact_call *calls, size_t n,
			   const struct filter **ret);

#endif
