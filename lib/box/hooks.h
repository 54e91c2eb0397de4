/* SPDX-License-Identifier: Apache-2.0 */
/* Runs OCI hooks: exact environment, exact descriptors, a deadline (CVE-2024-0132 class). */
#ifndef BOX_HOOKS_H
#define BOX_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"

/*
 * Runs the hooks in order, each with the state on standard input, cwd (-1: ours) as working
 * directory, exactly its envp, no other descriptor, in its own process group which is killed
 * at its timeout. What it prints is captured. `confine` (may be NULL) is called in each
 * hook's process as its last act before execve and returns 0 or -errno: startContainer hooks
 * run under the filter. The first failure ends it: "hooks.prestart[0] /x: exited with 3" with
 * the end of its output. Reporting.
 */
must_check int hooks_run(const struct plan_hooks *hooks, const char *state, int cwd,
			 int (*confine)(const void *ctx), const void *ctx);

#endif
