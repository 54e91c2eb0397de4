/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the plan of a process of `exec`. What must hold: it gets what the container was made with,
 * as the caller of this file read it from the state directory, and makes no namespace, mount or
 * cgroup.
 */
#include "base/arena.h"
#include "plan/make.h"

#include <sched.h>
#include <string.h>

/* A startContainer hook runs as the container's process would: its user, its capabilities. */
static void take_hook(const struct plan_hook *hook, struct plan_process *ret)
{
	ret->program = hook->path;
	ret->argv = hook->argv;
	if (!hook->envp)
		return;
	ret->envp = hook->envp;
	ret->add_home = false;
}

static void take_cgroups(const struct plan_exec *in, struct plan_cgroup *ret)
{
	for (; ret->n < in->n_cgroups && ret->n < PLAN_HIERARCHIES; ret->n++)
		ret->v[ret->n] = in->cgroups[ret->n];
	ret->disabled = ret->n == 0;
}

int plan_exec_make(const struct plan_exec *in, const struct host *host,
		   const struct plan_options *options, const struct plan **ret)
{
	struct plan *plan = arena_alloc(sizeof(*plan));
	struct process_spec process = *in->process;

	*plan = (struct plan){
		.id = options->id,
		.bundle = options->bundle,
		.oci_version = in->config->oci_version,
		.ns.joined = in->namespaces,
		.filter = options->filter,
		.keyring = options->keyring,
		.preserve_fds = options->preserve_fds,
	};
	if (in->hook)
		process.terminal = false;
	int r = plan_process_make(&process, host, options, in->namespaces & CLONE_NEWUSER,
				  &plan->process);

	if (r < 0)
		return r;
	plan_process_make_common(in->config, &plan->process);
	plan->process.keep_groups = in->keep_groups;
	if (in->hook)
		take_hook(in->hook, &plan->process);
	take_cgroups(in, &plan->cgroup);
	*ret = plan;
	return 0;
}
