/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns plan_make(): config, host and options in, everything decided out. What must hold: what
 * can be refused is refused here, before the first side effect, with its place in the config;
 * nothing here opens, reads or changes anything.
 */
#include "plan/make.h"

#include "base/arena.h"
#include "base/sys.h"
#include "oci/annotations.h"
#include "plan/plan.h"

const struct strings *allowed_annotations(const struct plan_options *options)
{
	static const struct strings none;

	return options->allowed_annotations ? options->allowed_annotations : &none;
}

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
	r = annotations_check_allowed(config, allowed_annotations(options));
	if (r < 0)
		return r;
	if (!options->no_new_keyring)
		ret->keyring = arena_printf("_ses.%s", options->id);
	/* Namespaces first: what else is allowed depends on whose they are. */
	if ((r = make_namespaces(&in, ret)) < 0 || (r = make_sysctls(&in, ret)) < 0 ||
	    (r = make_mounts(&in, ret)) < 0 ||
	    (r = plan_make_process(&config->process, host, options, plan_owns(ret, CLONE_NEWUSER),
				   &ret->process)) < 0 ||
	    (r = plan_hooks_make(config, ret->hooks)) < 0 || (r = make_cgroup(&in, ret)) < 0)
		return r;
	make_service(&in, ret);
	plan_make_common(config, &ret->process);
	ret->process.keep_groups = annotation_is_set(config, ANNOTATION_KEEP_GROUPS);
	/* checked, like all that later commands read; but init is no exec */
	ret->process.affinity_initial = ret->process.affinity_final = NULL;
	make_devices(&in, ret); /* behind the mounts: a bound /dev gets none */
	return make_seccomp(&in, ret);
}
