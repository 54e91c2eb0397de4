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
	      const struct plan_options *options, struct plan *ret)
{
	const struct plan_input in = { config, host, options };
	int r;

	*ret = (struct plan){
		.id = options->id,
		.bundle = options->bundle,
		.oci_version = config->oci_version,
		.preserve_fds = options->preserve_fds,
		.config = config,
	};
	r = annotations_check_allowed(config, options_allowed_annotations(options));
	if (r < 0)
		return r;
	if (!options->no_new_keyring)
		ret->keyring = arena_printf("_ses.%s", options->id);
	/* Namespaces first, because what else is allowed depends on them. */
	if ((r = plan_ns_make(&in, ret)) < 0 || (r = plan_sysctl_make(&in, ret)) < 0 ||
	    (r = plan_mounts_make(&in, ret)) < 0 ||
	    (r = plan_process_make(&config->process, host, options, plan_owns(ret, CLONE_NEWUSER),
				   &ret->process)) < 0 ||
	    (r = plan_hooks_make(config, ret->hooks)) < 0 || (r = plan_cgroup_make(&in, ret)) < 0)
		return r;
	plan_systemd_make(&in, ret);
	plan_process_make_common(config, &ret->process);
	ret->process.keep_groups = annotations_have(config, ANNOTATION_KEEP_GROUPS);
	/* checked here, because later commands use them; but they apply to exec only */
	ret->process.affinity_initial = ret->process.affinity_final = NULL;
	/* after the mounts, because a /dev that is a bind mount gets no nodes */
	plan_devices_make(&in, ret);
	return plan_seccomp_make(&in, ret);
}
