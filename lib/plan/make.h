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
must_check int make_namespaces(const struct plan_input *in, struct plan *plan);
must_check int make_sysctls(const struct plan_input *in, struct plan *plan);
must_check int make_mounts(const struct plan_input *in, struct plan *plan);
void make_devices(const struct plan_input *in, struct plan *plan);
must_check int make_cgroup(const struct plan_input *in, struct plan *plan);
must_check int make_seccomp(const struct plan_input *in, struct plan *plan);
/* Behind mounts and process: both get more. */
void make_service(const struct plan_input *in, struct plan *plan);

/* Where the cgroup manager is systemd: the scope by linux.cgroupsPath "SLICE:PREFIX:NAME", and
 * its leaf below the root of the manager's cgroups. Reporting. */
must_check int make_scope(const struct plan_input *in, struct plan_scope *ret,
			  const char **ret_path);
/* What the caller has allowed of annotations; never NULL. */
const struct strings *allowed_annotations(const struct plan_options *options);
/* The properties that annotations ask for: those that cannot reach beyond the scope, each of
 * its own type; those that do not only tighten if the caller allowed them. Reporting. */
must_check int make_scope_properties(const struct plan_input *in, struct plan_scope *ret);
/* A copy of the maps, which lib/oci has checked. */
void make_id_maps(const struct id_maps_spec *spec, struct plan_id_maps *ret);
/* The device rules: all is denied, then those of the config, then what every runtime allows. */
void make_device_rules(const struct resources_spec *spec, struct plan_cgroup *ret);

/* Whether the container has its own namespace of that CLONE_NEW*, made or joined. */
static inline bool plan_owns(const struct plan *plan, uint64_t flag)
{
	return (plan->ns.made | plan->ns.joined) & flag;
}

/* Whether we lack the host's root: not uid 0, or root of a user namespace only. */
static inline bool host_is_rootless(const struct host *host)
{
	return host->euid != 0 || host->in_user_namespace;
}

#endif
