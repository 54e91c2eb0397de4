/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns plan_make(): config, host and options in, everything decided out. What must hold: what
 * can be refused is refused here, before the first side effect, with its place in the config;
 * nothing here opens, reads or changes anything.
 */
#include "plan/plan.h"

#include "base/arena.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"

static int make_process(const struct plan_input *in, struct plan *plan)
{
	const struct config *config = in->config;

	if (!config->process.at)
		return json_fail_member(config->at, "process", "found none, expected what to run");
	return plan_make_process(&config->process, in->host, in->options,
				 plan_owns(plan, CLONE_NEWUSER), &plan->process);
}

static int make_hooks(const struct plan_input *in, struct plan *plan)
{
	return plan_hooks_make(in->config, plan->hooks);
}

/* Namespaces first: what else is allowed depends on whose they are. */
static int (*const parts[])(const struct plan_input *in, struct plan *plan) = {
	make_namespaces, make_sysctls, make_mounts, make_devices,
	make_process,	 make_hooks,   make_cgroup, make_seccomp,
};

int plan_make(const struct config *config, const struct host *host,
	      const struct plan_options *options, struct plan *ret)
{
	const struct plan_input in = { config, host, options };
	int r = 0;

	*ret = (struct plan){
		.id = options->id,
		.bundle = options->bundle,
		.oci_version = config->oci_version,
		.preserve_fds = options->preserve_fds,
		.config = config,
	};
	if (!options->no_new_keyring)
		ret->keyring = arena_printf("_ses.%s", options->id);
	for (size_t i = 0; i < ARRAY_LEN(parts) && r == 0; i++)
		r = parts[i](&in, ret);
	return r;
}
