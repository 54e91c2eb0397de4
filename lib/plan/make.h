/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of plan_make(), one file each. Only lib/plan includes this. Each part reads the input
 * and fills its members of the plan; they run in the order given here. lib/oci has refused what is
 * wrong in the config itself (validate.h). These parts check what depends on the host, the command
 * line, or the way the runtime works. All reporting.
 */
#ifndef PLAN_MAKE_H
#define PLAN_MAKE_H

#include "base/base.h"
#include "oci/config.h"
#include "plan/host.h"
#include "plan/plan.h"

struct plan_input {
	const struct config *config;
	const struct host *host;
	const struct plan_options *options;
};

/*
 * Each makes one part of the plan. An error names the place of a value that this host cannot
 * provide.
 */
must_check int plan_ns_make(const struct plan_input *in, struct plan *plan);
must_check int plan_sysctl_make(const struct plan_input *in, struct plan *plan);
must_check int plan_mounts_make(const struct plan_input *in, struct plan *plan);
void plan_devices_make(const struct plan_input *in, struct plan *plan);
must_check int plan_cgroup_make(const struct plan_input *in, struct plan *plan);
must_check int plan_seccomp_make(const struct plan_input *in, struct plan *plan);
/* After mounts and process, because it adds to both. */
void plan_systemd_make(const struct plan_input *in, struct plan *plan);

/*
 * If systemd is the cgroup manager: determines the scope from linux.cgroupsPath
 * "SLICE:PREFIX:NAME", and its path below the root of the hierarchy.
 */
must_check int plan_scope_make(const struct plan_input *in, struct plan_cgroup *ret,
			       const char **ret_path);
/*
 * Makes the properties that annotations ask for. Only properties that affect nothing but the scope
 * are supported, each with its own type. Those that do not only restrict need the caller's
 * permission.
 */
must_check int plan_property_make(const struct plan_input *in, struct plan_cgroup *ret);
/* Copies the id maps, which lib/oci has checked. */
void plan_ns_make_id_maps(const struct id_maps_spec *spec, struct plan_id_maps *ret);
/*
 * Makes the device rules: deny everything, then the rules of the config, then those that every
 * runtime adds.
 */
void plan_devices_make_rules(const struct resources_spec *spec, struct plan_cgroup *ret);

/*
 * Whether the container has a namespace of that CLONE_NEW* other than the host's, made or joined.
 */
static inline bool plan_owns(const struct plan *plan, uint64_t flag)
{
	return (plan->ns.made | plan->ns.joined) & flag;
}

/* The annotations that the caller has allowed; never NULL. */
static inline const struct strings *options_allowed_annotations(const struct plan_options *options)
{
	static const struct strings none;

	return options->allowed_annotations ? options->allowed_annotations : &none;
}

/* Whether this process is not root on the host: its uid is not 0, or it is in a user namespace. */
static inline bool host_is_rootless(const struct host *host)
{
	return host->euid != 0 || host->in_user_namespace;
}

#endif
