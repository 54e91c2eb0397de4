/* SPDX-License-Identifier: Apache-2.0 */
/* Determines to which cgroup below the container's a process of `exec` goes. */
#ifndef RUNTIME_EXEC_CGROUP_H
#define RUNTIME_EXEC_CGROUP_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "oci/decode.h"

#include <sys/types.h>

/*
 * Changes the paths in *cgroup. Each of the words of --cgroup ("[CONTROLLERS:]PATH") is a path
 * below the container's cgroup. Without any, on v2, it is the cgroup in which init is now, if that
 * is below the container's: if init has made cgroups of its own, the kernel accepts no process in
 * their parent. Reporting.
 */
must_check int exec_cgroup(const struct strings *words, int proc, pid_t init,
			   struct cgroup *cgroup);

#endif
