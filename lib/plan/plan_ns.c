/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the namespaces of a plan and what depends on whose they are: host name, time offsets,
 * sysctls. What must hold: nothing that is asked for the container ends in the host's own
 * namespace, and no container shares our mount namespace.
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/names.h"
#include "base/path.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"

#include <linux/capability.h>
#include <string.h>

static int check_namespace(const struct namespace_spec *ns, const struct plan *plan)
{
	const char *name = name_of(namespace_names, ns->type);

	if (plan_owns(plan, ns->type))
		return json_fail(ns->at, "found a second %s namespace, expected each type once",
				 name);
	if (ns->path && *ns->path && !path_is_absolute(ns->path))
		return json_fail_member(ns->at, "path", "found \"%s\", expected an absolute path",
					ns->path);
	return 0;
}

/* In this order they are joined: with the user namespace come the rights for the others. */
static void order_joins(const struct linux_spec *l, struct plan *plan)
{
	static const uint32_t order[] = { CLONE_NEWUSER,   CLONE_NEWPID, CLONE_NEWNET,
					  CLONE_NEWIPC,	   CLONE_NEWUTS, CLONE_NEWTIME,
					  CLONE_NEWCGROUP, CLONE_NEWNS };
	struct plan_join *v = arena_array(l->namespaces.n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t k = 0; k < ARRAY_LEN(order); k++)
		for (size_t i = 0; i < l->namespaces.n; i++) {
			const struct namespace_spec *ns = &l->namespaces.v[i];

			if (ns->type == order[k] && ns->path && *ns->path)
				v[n++] =
					(struct plan_join){ ns->type, ns->path, json_path(ns->at) };
		}
	plan->ns.n_joins = n;
	plan->ns.joins = v;
}

static int make_maps(const struct linux_spec *l, struct plan *plan)
{
	if (!plan_owns(plan, CLONE_NEWUSER)) {
		if (l->uid_maps.n || l->gid_maps.n)
			return json_fail_member(l->at,
						l->uid_maps.n ? "uidMappings" : "gidMappings",
						"found mappings, but no user namespace among "
						"linux.namespaces");
		return 0;
	}
	if (plan->ns.joined & CLONE_NEWUSER) /* it has its maps: containerd repeats them here */
		return 0;
	if (!l->uid_maps.n || !l->gid_maps.n)
		return json_fail_member(l->at, l->uid_maps.n ? "gidMappings" : "uidMappings",
					"found none, expected mappings for the new user namespace");
	int r = make_id_maps(&l->uid_maps, l->at, "uidMappings", &plan->ns.uid_maps);

	return r < 0 ? r : make_id_maps(&l->gid_maps, l->at, "gidMappings", &plan->ns.gid_maps);
}

static int make_offsets(const struct linux_spec *l, struct plan *plan)
{
	const struct time_offset_spec *specs[] = { &l->time_offsets.monotonic,
						   &l->time_offsets.boottime };
	static const char *const clocks[] = { "monotonic", "boottime" };
	struct plan_time_offset *v = arena_array(ARRAY_LEN(specs), sizeof(*v));

	plan->ns.offsets = v;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		if (!specs[i]->at)
			continue;
		if (!(plan->ns.made & CLONE_NEWTIME))
			return json_fail(specs[i]->at, "found an offset, but no new time namespace "
						       "among linux.namespaces");
		v[plan->ns.n_offsets++] =
			(struct plan_time_offset){ clocks[i], specs[i]->secs, specs[i]->nanosecs };
	}
	return 0;
}

static int make_host_name(const struct config *config, const char *key, const char *name,
			  const struct plan *plan, const char **ret)
{
	if (!name || !*name)
		return 0;
	if (!plan_owns(plan, CLONE_NEWUTS))
		return json_fail_member(config->at, key,
					"found \"%s\", but no uts namespace among "
					"linux.namespaces: it would be the host's",
					name);
	*ret = name;
	return 0;
}

int make_namespaces(const struct plan_input *in, struct plan *plan)
{
	const struct config *config = in->config;
	const struct linux_spec *l = &config->linux_;
	int r;

	for (size_t i = 0; i < l->namespaces.n; i++) {
		const struct namespace_spec *ns = &l->namespaces.v[i];

		if ((r = check_namespace(ns, plan)) < 0)
			return r;
		*(ns->path && *ns->path ? &plan->ns.joined : &plan->ns.made) |= ns->type;
	}
	order_joins(l, plan);
	if (!plan_owns(plan, CLONE_NEWNS))
		return json_fail_member(l->at ? l->at : config->at, l->at ? "namespaces" : "linux",
					"found no mount namespace, expected a new or a joined one: "
					"the mounts of the container would be the host's");
	if (!plan_owns(plan, CLONE_NEWUSER) &&
	    !(in->host->caps_permitted & UINT64_C(1) << CAP_SYS_ADMIN))
		return json_fail_member(l->at, "namespaces",
					"found no user namespace, expected one: uid %u without "
					"CAP_SYS_ADMIN can make no other",
					in->host->euid);
	if ((r = make_maps(l, plan)) < 0 || (r = make_offsets(l, plan)) < 0 ||
	    (r = make_host_name(config, "hostname", config->hostname, plan, &plan->hostname)) < 0)
		return r;
	return make_host_name(config, "domainname", config->domainname, plan, &plan->domainname);
}
