/* SPDX-License-Identifier: Apache-2.0 */
/* Runs OCI hooks: exact environment, exact descriptors, a deadline (CVE-2024-0132 class). */
#ifndef BOX_HOOKS_H
#define BOX_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"

/*
 * Runs the hooks in order, each with the state on standard input, standard output and error
 * as ours, cwd as working directory, exactly its envp, no other descriptor, in its own
 * process group which is killed at its timeout. `confine` (may be NULL) is called in each
 * hook's process as its last act before execve: startContainer hooks run under the filter.
 * The first failure ends it: "hooks.prestart[0] /x: exited with 3" with the end of its
 * standard error. Reporting.
 */
must_check int hooks_run(const struct plan_hooks *hooks, const char *state, int cwd,
			 void (*confine)(const void *ctx), const void *ctx);

#endif
