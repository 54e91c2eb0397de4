/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of plan_make(), one file each; private to lib/plan. Each reads the input and fills
 * its own members of the plan, in the order in which they stand here. All reporting. What the
 * config says wrong by itself was refused by lib/oci (validate.h); here is what depends on the
 * host, on the command line, or on how the runtime does things.
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

/* One part of the plan each, from what lib/oci has validated. Those with a result are
 * reporting: a value that this host cannot give is named with its place. */
must_check int plan_ns_make(const struct plan_input *in, struct plan *plan);
must_check int plan_sysctl_make(const struct plan_input *in, struct plan *plan);
must_check int plan_mounts_make(const struct plan_input *in, struct plan *plan);
void plan_devices_make(const struct plan_input *in, struct plan *plan);
must_check int plan_cgroup_make(const struct plan_input *in, struct plan *plan);
must_check int plan_seccomp_make(const struct plan_input *in, struct plan *plan);
/* Behind mounts and process: both get more. */
void plan_systemd_make(const struct plan_input *in, struct plan *plan);

/* Where the cgroup manager is systemd: the scope by linux.cgroupsPath "SLICE:PREFIX:NAME", and
 * its leaf below the root of the manager's cgroups. Reporting. */
must_check int plan_scope_make(const struct plan_input *in, struct plan_scope *ret,
			       const char **ret_path);
/* The properties that annotations ask for: those that cannot reach beyond the scope, each of
 * its own type; those that do not only tighten if the caller allowed them. Reporting. */
must_check int plan_property_make(const struct plan_input *in, struct plan_scope *ret);
/* A copy of the maps, which lib/oci has checked. */
void plan_ns_make_id_maps(const struct id_maps_spec *spec, struct plan_id_maps *ret);
/* The device rules: all is denied, then those of the config, then what every runtime allows. */
void plan_devices_make_rules(const struct resources_spec *spec, struct plan_cgroup *ret);

/* Whether the container has its own namespace of that CLONE_NEW*, made or joined. */
static inline bool plan_owns(const struct plan *plan, uint64_t flag)
{
	return (plan->ns.made | plan->ns.joined) & flag;
}

/* What the caller has allowed of annotations; never NULL. */
static inline const struct strings *options_allowed_annotations(const struct plan_options *options)
{
	static const struct strings none;

	return options->allowed_annotations ? options->allowed_annotations : &none;
}

/* Whether we lack the host's root: not uid 0, or root of a user namespace only. */
static inline bool host_is_rootless(const struct host *host)
{
	return host->euid != 0 || host->in_user_namespace;
}

#endif
