/* SPDX-License-Identifier: Apache-2.0 */
/* Where below the container's cgroups a process of `exec` goes. */
#ifndef RUNTIME_EXEC_CGROUP_H
#define RUNTIME_EXEC_CGROUP_H

#include "base/base.h"
#include "cgroup/cgroup.h"
#include "oci/decode.h"

#include <sys/types.h>

/*
 * Changes the paths in cgroup: by the words of --cgroup ("[CONTROLLERS:]PATH"), each below the
 * container's own; without any, on v2, to where init is now, if that is below the container's:
 * an init that made cgroups of its own left, and the kernel takes no process beside them.
 * Reporting.
 */
must_check int exec_cgroup(const struct strings *words, int proc, pid_t init,
			   struct cgroup *cgroup);

#endif
