/* SPDX-License-Identifier: Apache-2.0 */
/* The first filter, loaded before anybody in the container can see the process. */
#ifndef PROCESS_EARLY_H
#define PROCESS_EARLY_H

#include "base/base.h"

struct exact_call;
struct filter;

/*
 * Loads the first filter, before anybody can see the process: the profile itself where it allows
 * all that is left (CAP_SYS_ADMIN is dropped then); else a filter that answers as the profile
 * does but for the exact calls of the list, which it allows. One of them loads the profile,
 * last; without no_new_privs the process keeps CAP_SYS_ADMIN for that. Nothing to do without a
 * profile. ctx is the struct box. Reporting.
 */
must_check int early_load(void *ctx);

/* The program of early_load() where the profile alone will not do, in the arena. -E2BIG if it
 * is too long. Silent. */
must_check int early_front(const struct filter *profile, const struct exact_call *calls, size_t n,
			   const struct filter **ret);

#endif
