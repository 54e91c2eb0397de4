/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials that init has between creds_set and execve, for who sets and who checks. */
#ifndef PROCESS_CREDS_H
#define PROCESS_CREDS_H

#include "base/base.h"

struct box;
struct plan;

/* The permitted and effective sets while init waits: the program's, and CAP_SYS_ADMIN where
 * the filter is loaded without no_new_privs. */
uint64_t creds_permitted(const struct plan *plan);
uint64_t creds_effective(const struct plan *plan);
/* Whether setgroups(2) is denied in this user namespace (user_namespaces(7)). */
bool creds_groups_denied(const struct box *box);
/* CAP_SYS_ADMIN goes, where it was kept for the filter alone. Reporting. */
must_check int creds_drop_admin(const struct plan *plan);
/* Non-dumpable, unless user namespace and all are the user's own anyway, and killed with the
 * parent; every change of ids undoes both. Reporting. */
must_check int creds_protect(const struct plan *plan);
/* Step: in a user namespace 0, 0, no groups; then non-dumpable. Reporting. */
must_check int creds_become_root(void *ctx);
/* Step: all but what the filter needs (ARCHITECTURE.md). Reporting. */
must_check int creds_set(void *ctx);

#endif
