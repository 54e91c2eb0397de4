/* SPDX-License-Identifier: Apache-2.0 */
/* Runs OCI hooks with a defined environment, defined file descriptors and a deadline. */
#ifndef PROCESS_HOOKS_H
#define PROCESS_HOOKS_H

#include "base/base.h"
#include "plan/plan.h"

/*
 * What all hooks of one kind have in common. Example, for hooks that run on the host:
 *
 *     const struct hook_context context = { .state = json, .cwd = bundle, .envp = environ };
 *     r = hooks_run(&plan->hooks[HOOK_PRESTART], &context);
 */
struct hook_context {
	const char *state; /* the State document, as their standard input */
	int cwd;	   /* their working directory; -1: that of the calling process */
	/*
	 * The environment of hooks whose configuration gives none. It is the container's
	 * environment only for hooks that run confined in the container (startContainer). All
	 * others get that of the runtime's caller: a program of the host that honours the image's
	 * LD_PRELOAD is controlled by the image (CVE-2024-0132, CVE-2025-23266).
	 */
	char *const *envp;
	/*
	 * Called in the process of each hook instead of execve(2), with all descriptors still open.
	 * It does not return: it runs the hook inside the container and exits with the hook's
	 * status. NULL: execve(2).
	 */
	void (*become)(const struct plan_hook *hook, const void *ctx);
	const void *ctx;
	/*
	 * poststop: a failing hook is a warning and the next ones run (runtime-spec, lifecycle 13)
	 */
	bool goes_on;
};

/*
 * Runs the hooks in order. Each has no descriptor but 0 to 2 and is in a process group of its own,
 * which is killed at the hook's timeout. The output is captured. At the first failure the rest is
 * skipped; the error is, for example, "hooks.prestart[0] /x: exited with 3" and the end of the
 * output. Reporting.
 */
must_check int hooks_run(const struct plan_hooks *hooks, const struct hook_context *context);

#endif
