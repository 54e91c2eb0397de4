/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the namespaces that clone3(2) did not make with init. All reporting. */
#ifndef PROCESS_NAMESPACES_H
#define PROCESS_NAMESPACES_H

#include "base/base.h"

struct plan;

/*
 * The namespaces that namespaces_make() makes and clone3(2) does not: IPC and network namespaces
 * beside a user namespace. Files in them belong to whoever is root of the user namespace when they
 * are made, and there is no such user before the id maps are written. Returns CLONE_NEW* flags.
 */
uint64_t namespaces_late(const struct plan *plan);
/* Step: makes the namespaces of namespaces_late(). */
must_check int namespaces_make(void *ctx);
/* Step, after cgroups_enter(): unshare(CLONE_NEWCGROUP). */
must_check int namespaces_make_cgroup(void *ctx);
/* Step: unshare(CLONE_NEWTIME), writes the offsets, and enters the namespace by setns(2). */
must_check int namespaces_make_time(void *ctx);
/* Step: setns(2) to a PID namespace that is joined. It takes effect for children only. */
must_check int namespaces_enter_pid(void *ctx);

#endif
