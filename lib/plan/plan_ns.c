/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the namespaces of a plan and what belongs to them: id maps, time offsets, host name. What
 * must hold: `made` and `joined` have no common flag, and namespaces are joined in an order in
 * which the rights for each suffice. lib/oci has checked that what the config needs has a
 * namespace; here is checked whether this user may make it.
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"

#include <linux/capability.h>
#include <string.h>

static bool has_admin(const struct host *host)
{
	return host->caps_permitted & UINT64_C(1) << CAP_SYS_ADMIN;
}

/*
 * Determines the order in which namespaces are joined. setns(2) requires CAP_SYS_ADMIN in the user
 * namespace that owns the namespace to be joined. A process that has it here has it in all
 * descendant user namespaces, and loses it here by joining one of them. So the user namespace is
 * joined last, and the others may belong to it, to ours, or to any in between. A process without
 * CAP_SYS_ADMIN gets it by joining the user namespace, which is then the first.
 */
static void order_joins(const struct plan_input *in, struct plan *plan)
{
	static const uint32_t order[] = { CLONE_NEWUSER,   CLONE_NEWPID, CLONE_NEWNET,
					  CLONE_NEWIPC,	   CLONE_NEWUTS, CLONE_NEWTIME,
					  CLONE_NEWCGROUP, CLONE_NEWUSER };
	const struct linux_spec *l = &in->config->linux_;
	struct plan_join *v = arena_array(l->namespaces.n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t k = has_admin(in->host) ? 1 : 0, left = ARRAY_LEN(order) - 1; left--; k++)
		for (size_t i = 0; i < l->namespaces.n; i++) {
			const struct namespace_spec *ns = &l->namespaces.v[i];

			if (ns->type == order[k] && ns->path && *ns->path)
				v[n++] =
					(struct plan_join){ ns->type, ns->path, json_path(ns->at) };
		}
	plan->ns.n_joins = n;
	plan->ns.joins = v;
}

void plan_ns_make_id_maps(const struct id_maps_spec *spec, struct plan_id_maps *ret)
{
	struct plan_id_map *v = arena_array(spec->n + 1, sizeof(*v));

	for (size_t i = 0; i < spec->n; i++)
		v[i] = (struct plan_id_map){ spec->v[i].container, spec->v[i].host,
					     spec->v[i].size };
	*ret = (struct plan_id_maps){ spec->n, v };
}

static enum plan_map_way map_way(const struct host *host, unsigned int cap, uint32_t own,
				 const struct plan_id_maps *maps)
{
	if (host->caps_permitted & UINT64_C(1) << cap)
		return PLAN_MAP_WRITE;
	return maps->n == 1 && maps->v[0].size == 1 && maps->v[0].host == own ? PLAN_MAP_OWN
									      : PLAN_MAP_NEWIDMAP;
}

static void make_user(const struct plan_input *in, struct plan *plan)
{
	struct plan_namespaces *ns = &plan->ns;

	plan_ns_make_id_maps(&in->config->linux_.uid_maps, &ns->uid_maps);
	plan_ns_make_id_maps(&in->config->linux_.gid_maps, &ns->gid_maps);
	ns->uid_way = map_way(in->host, CAP_SETUID, in->host->euid, &ns->uid_maps);
	ns->gid_way = map_way(in->host, CAP_SETGID, in->host->egid, &ns->gid_maps);
}

static void make_offsets(const struct linux_spec *l, struct plan *plan)
{
	const struct time_offset_spec *specs[] = { &l->time_offsets.monotonic,
						   &l->time_offsets.boottime };
	static const char *const clocks[] = { "monotonic", "boottime" };
	struct plan_time_offset *v = arena_array(ARRAY_LEN(specs), sizeof(*v));

	plan->ns.offsets = v;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++)
		if (specs[i]->at)
			v[plan->ns.n_offsets++] =
				(struct plan_time_offset){ clocks[i], specs[i]->secs,
							   specs[i]->nanosecs };
}

static const char *name_or_none(const char *name)
{
	return name && *name ? name : NULL;
}

int plan_ns_make(const struct plan_input *in, struct plan *plan)
{
	const struct config *config = in->config;
	const struct linux_spec *l = &config->linux_;

	for (size_t i = 0; i < l->namespaces.n; i++) {
		const struct namespace_spec *ns = &l->namespaces.v[i];

		/* pivot_root(2) changes the root of every process in it; runc and crun do that */
		if (ns->type == CLONE_NEWNS && ns->path && *ns->path)
			return json_fail_member(
				ns->at, "path",
				"a mount namespace cannot be joined: the container's "
				"root is made in one of its own");
		*(ns->path && *ns->path ? &plan->ns.joined : &plan->ns.made) |= ns->type;
	}
	order_joins(in, plan);
	/* pid_namespaces(7): a PID namespace belongs to the user namespace in which it was made */
	if ((plan->ns.made & CLONE_NEWUSER) && (plan->ns.joined & CLONE_NEWPID))
		return json_fail_member(l->at, "namespaces",
					"a PID namespace cannot be joined from a new user "
					"namespace, which has no rights over it: join its user "
					"namespace, too");
	if (!plan_owns(plan, CLONE_NEWUSER) && !has_admin(in->host))
		return json_fail_member(l->at, "namespaces",
					"expected a user namespace, because uid %u has no "
					"CAP_SYS_ADMIN to make others, found none",
					in->host->euid);
	/* a joined one has its maps already; Podman repeats them */
	if (plan->ns.made & CLONE_NEWUSER)
		make_user(in, plan);
	make_offsets(l, plan);
	plan->hostname = name_or_none(config->hostname);
	plan->domainname = name_or_none(config->domainname);
	return 0;
}

bool plan_ns_joins_pid(const struct plan *plan)
{
	return plan->ns.joined & CLONE_NEWPID;
}

bool plan_ns_is_shown(const struct plan *plan, size_t i)
{
	const struct plan_mount *m = &plan->mounts[i];

	return plan_ns_joins_pid(plan) && m->kind == PLAN_MOUNT_FS &&
	       strcmp(m->fstype, "proc") == 0;
}
