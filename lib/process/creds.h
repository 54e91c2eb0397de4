/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials that init has from the step creds_set until execve(2). */
#ifndef PROCESS_CREDS_H
#define PROCESS_CREDS_H

#include "base/caps.h"

struct box;
struct plan;

/*
 * The capability sets while init waits for `start`. They are the sets of the program, plus
 * CAP_SYS_ADMIN in permitted and effective if a filter is loaded without no_new_privs.
 */
struct caps creds_caps(const struct plan *plan);
/* Whether setgroups(2) is denied in this user namespace (user_namespaces(7)). */
bool creds_groups_denied(const struct box *box);
/*
 * The same sets without that CAP_SYS_ADMIN, for cap_set_proc(3) once the filter is loaded. They are
 * made before it, because the filter may refuse what malloc(3) calls. NULL and errno. Silent.
 */
cap_t creds_make_final(const struct plan *plan);
/*
 * Makes the process non-dumpable and sets SIGKILL as its parent death signal. It stays dumpable in
 * a user namespace that an unprivileged user made for this container alone. Every change of user or
 * group ids resets both attributes, so call it again after one. Reporting.
 */
must_check int creds_protect(const struct plan *plan);
/*
 * Step: in a user namespace, becomes uid 0 and gid 0 without supplementary groups. Then calls
 * creds_protect(). Reporting.
 */
must_check int creds_become_root(void *ctx);
/*
 * Step: sets securebits, bounding set, groups, ids, capability sets and no_new_privs. It keeps what
 * loading the filter still needs (ARCHITECTURE.md). Reporting.
 */
must_check int creds_set(void *ctx);

#endif
