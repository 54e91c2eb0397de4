/* SPDX-License-Identifier: Apache-2.0 */
/* Runs OCI hooks: known environment, exact descriptors, a deadline (CVE-2024-0132 class). */
#ifndef PROCESS_HOOKS_H
#define PROCESS_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"

/* What the hooks of a kind have in common. */
struct hook_context {
	const char *state; /* their standard input */
	int cwd;	   /* their working directory; -1: ours */
	/* The environment of those whose configuration has none. The image's only where they run
	 * under the container's confinement (startContainer), else that of the runtime's caller: a
	 * program of the host that takes the image's LD_PRELOAD is the image's (CVE-2024-0132,
	 * CVE-2025-23266). */
	char *const *envp;
	/* Called in each hook's process in place of execve, with all descriptors still open; does
	 * not return: it runs the hook inside the container and ends as that does. NULL: execve. */
	void (*become)(const struct plan_hook *hook, const void *ctx);
	const void *ctx;
	/* poststop: one that fails is a warning, and the others run (runtime-spec, lifecycle 13) */
	bool goes_on;
};

/*
 * Runs the hooks in order, each with no other descriptor, in its own process group which is
 * killed at its timeout. What it prints is captured. The first failure ends it: "hooks.prestart[0]
 * /x: exited with 3" with the end of its output. Reporting.
 */
must_check int hooks_run(const struct plan_hooks *hooks, const struct hook_context *context);

#endif
