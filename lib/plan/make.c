/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns plan_make(): config, host and options in, all decisions out. What must hold: what can be
 * refused is refused here, before the first side effect, with its place in the config. Nothing here
 * opens, reads or changes anything.
 */
#include "plan/make.h"

#include "base/arena.h"
#include "base/sys.h"
#include "oci/annotations.h"
#include "plan/plan.h"

int plan_make(const struct config *config, const struct host *host,
	      const struct plan_options *options, const struct plan **ret)
{
	const struct plan_input in = { config, host, options };
	struct plan *plan = arena_alloc(sizeof(*plan));
	int r;

	*plan = (struct plan){
		.id = options->id,
		.bundle = options->bundle,
		.oci_version = config->oci_version,
		.keyring = options->keyring,
		.preserve_fds = options->preserve_fds,
		.config = config,
	};
	*ret = plan;
	r = annotations_check_allowed(config, options_allowed_annotations(options));
	/* Namespaces first, because what else is allowed depends on them. */
	if (r < 0 || (r = plan_ns_make(&in, plan)) < 0 || (r = plan_sysctl_make(&in, plan)) < 0 ||
	    (r = plan_mounts_make(&in, plan)) < 0 ||
	    (r = plan_process_make(&config->process, host, options, plan_owns(plan, CLONE_NEWUSER),
				   &plan->process)) < 0 ||
	    (r = plan_hooks_make(config, plan->hooks)) < 0 || (r = plan_cgroup_make(&in, plan)) < 0)
		return r;
	plan_systemd_make(&in, plan);
	plan_process_make_common(config, &plan->process);
	plan->process.keep_groups = annotations_have(config, ANNOTATION_KEEP_GROUPS);
	/* checked here, because later commands use them; but they apply to exec only */
	plan->process.affinity_initial = plan->process.affinity_final = NULL;
	/* after the mounts, because a /dev that is a bind mount gets no nodes */
	plan_devices_make(&in, plan);
	r = plan_seccomp_make(&in, plan);
	return r < 0 || !options->settle ? r : options->settle(&plan->cgroup);
}
