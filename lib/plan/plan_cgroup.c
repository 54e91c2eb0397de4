/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the place of the container's cgroups. What must hold: the leaf is below the root of each
 * hierarchy, never the root itself. A limit is an error if there is no cgroup for it. (lib/oci has
 * refused a path with "..".)
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/path.h"
#include "oci/json.h"
#include "plan/make.h"

#include <string.h>

/*
 * Determines the leaf below the root of every hierarchy. The specification does not define where a
 * relative path begins and what an absent one means. Both begin at the root: the cgroup of the
 * caller differs between hierarchies and, on v2, may have processes. (For callers without the
 * host's root see own_base().) "slice:prefix:name", the form for systemd, is used as a directory
 * name, as in runc. This happens if a kubelet uses the systemd driver and its engine does not.
 */
static int make_path(const struct plan_input *in, const char **ret)
{
	const struct json *at = in->config->linux_.at;
	const char *path = in->config->linux_.cgroups_path;

	if (!path || !*path)
		path = in->options->id;
	*ret = path_join("/", path);
	if (strcmp(*ret, "/") == 0)
		return json_fail_member(at, "cgroupsPath",
					"expected a cgroup below the root, found \"%s\"", path);
	return 0;
}

/*
 * Returns where a relative path begins for a caller who is not root on the host: what may have been
 * delegated is where the caller is. On v2 it is the parent of the caller's cgroup, because the
 * latter has processes and so cannot have children with controllers.
 */
static const char *own_base(const struct host_hierarchy *h)
{
	const char *own = h->own.path;
	size_t n = strlen(h->root);

	/* a part of the hierarchy is mounted: paths are relative to that */
	if (strcmp(h->root, "/") != 0) {
		if (strncmp(own, h->root, n) != 0 || (own[n] && own[n] != '/'))
			return "/";
		own += n;
	}
	if (!*own || strstr(own, "/.."))
		return "/";
	const char *slash = strrchr(own, '/');

	return !h->own.v2 ? own : slash == own ? "/" : arena_memdup(own, (size_t)(slash - own));
}

enum manager { CGROUPFS, DISABLED, SYSTEMD };

const struct name plan_cgroup_managers[] = {
	{ "cgroupfs", CGROUPFS }, { "disabled", DISABLED }, { "systemd", SYSTEMD }, { 0 }
};

static int read_manager(const char *manager, enum manager *ret)
{
	const struct name *found = names_find(plan_cgroup_managers, manager ? manager : "cgroupfs");

	if (!found)
		return fail(0, "cgroup manager \"%s\": expected cgroupfs, systemd or disabled",
			    manager);
	*ret = (enum manager)found->value;
	return 0;
}

int plan_cgroup_make(const struct plan_input *in, struct plan *plan)
{
	const struct linux_spec *l = &in->config->linux_;
	const struct host *host = in->host;
	struct plan_cgroup *cgroup = &plan->cgroup;
	bool rootless = host_is_rootless(host);
	bool absolute = l->cgroups_path && l->cgroups_path[0] == '/';
	enum manager manager = CGROUPFS;
	int r = read_manager(in->options->cgroup_manager, &manager);

	cgroup->disabled = manager == DISABLED;
	cgroup->delegated = rootless && manager == CGROUPFS; /* otherwise systemd decides */
	cgroup->named = l->cgroups_path && *l->cgroups_path;
	cgroup->unified =
		host->cgroups == HOST_CGROUP_V2 ? host->hierarchies[0].own.mountpoint : NULL;
	if (r < 0 ||
	    (r = plan_resources_make(&l->resources, in->config->oci_version, host, cgroup)) < 0)
		return r;
	if (cgroup->disabled && cgroup->n_values)
		return fail(0, "%s: found a limit, but cgroups are disabled",
			    cgroup->values[0].place);
	if (cgroup->disabled)
		return 0;
	if (!host->n_hierarchies && rootless && !cgroup->n_values && !cgroup->named) {
		cgroup->disabled = true;
		return 0;
	}
	if (!host->n_hierarchies)
		return fail(0, "no cgroup hierarchy is mounted: expected cgroup2 at /sys/fs/cgroup "
			       "(or --cgroup-manager=disabled)");
	const char *path = NULL;

	r = manager == SYSTEMD ? plan_scope_make(in, cgroup, &path) : make_path(in, &path);
	if (r < 0)
		return r;
	for (size_t i = 0; i < host->n_hierarchies && i < PLAN_HIERARCHIES; i++) {
		const struct host_hierarchy *h = &host->hierarchies[i];

		struct cgroup_dir *leaf = &cgroup->v[cgroup->n++];

		*leaf = h->own;
		leaf->path = cgroup->delegated && !absolute
				     ? path_clean(path_join(own_base(h), path + 1))
				     : path;
	}
	/* in a user namespace devices can be neither made nor allowed */
	cgroup->set_devices = !rootless;
	return 0;
}
