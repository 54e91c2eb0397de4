/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that clone3(2) did not make with init. All reporting. */
#ifndef PROCESS_NAMESPACES_H
#define PROCESS_NAMESPACES_H

#include "base/base.h"

struct plan;

/*
 * Which namespaces are made by the root of the user namespace, namespaces_make(), and not with the
 * process: what the kernel makes with them belongs for good to whoever was root of the user
 * namespace then, and before the maps are written nobody is.
 */
uint64_t namespaces_late(const struct plan *plan);
/* Step: makes those. */
must_check int namespaces_make(void *ctx);
/* Step, after cgroups_enter(): unshare(CLONE_NEWCGROUP). */
must_check int namespaces_make_cgroup(void *ctx);
/* Step: unshare(CLONE_NEWTIME), offsets, setns. */
must_check int namespaces_make_time(void *ctx);
/* Step: a joined PID namespace, for the children. */
must_check int namespaces_enter_pid(void *ctx);

#endif
