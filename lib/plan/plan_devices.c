/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the nodes and links of /dev and the device rules of the cgroup. What must hold: all devices
 * are denied except those that are named (GHSA-g54h-m393-cpwq: rules were taken for a list of what
 * to deny). A /dev that is a bind mount is not written to.
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/path.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Default devices of config-linux.md. Minor numbers: devices.txt of the kernel. */
static const struct {
	const char *path;
	uint32_t major, minor;
} standard[] = {
	{ "/dev/null", 1, 3 },	 { "/dev/zero", 1, 5 },	   { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

/* Texts of links that the container's programs follow. tamis itself never follows them. */
/* clang-format off */
static const struct plan_link links[] = {
	{ "/dev/ptmx", "pts/ptmx" },
	{ "/dev/fd", "/proc/self/fd" },	      /* lint: allow */
	{ "/dev/stdin", "/proc/self/fd/0" },  /* lint: allow */
	{ "/dev/stdout", "/proc/self/fd/1" }, /* lint: allow */
	{ "/dev/stderr", "/proc/self/fd/2" }, /* lint: allow */
	/* must be the last: omitted if the host has no kcore */
	{ "/dev/core", "/proc/kcore" },
};
/* clang-format on */

static bool has_node(const struct plan_node *v, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].path, path) == 0)
			return true;
	return false;
}

static bool is_standard(const struct plan_node *node)
{
	for (size_t i = 0; i < ARRAY_LEN(standard); i++)
		if (strcmp(node->path, standard[i].path) == 0)
			return S_ISCHR(node->mode) && node->major == standard[i].major &&
			       node->minor == standard[i].minor;
	return false;
}

static mode_t node_type(const char *type)
{
	switch (*type) {
	case 'b':
		return S_IFBLK;
	case 'p':
		return S_IFIFO;
	default: /* "c", "u" */
		return S_IFCHR;
	}
}

static struct plan_node make_node(const struct device_spec *spec)
{
	mode_t type = node_type(spec->type);
	struct plan_node node = {
		.place = json_path(spec->at),
		.path = path_clean(spec->path),
		.mode = type | (spec->file_mode.set ? spec->file_mode.v & 07777 : 0666),
		.uid = spec->uid.v,
		.gid = spec->gid.v,
	};

	if (type != S_IFIFO) {
		node.major = (uint32_t)spec->major.v;
		node.minor = (uint32_t)spec->minor.v;
	}
	node.standard = is_standard(&node);
	return node;
}

/* A bind mount on /dev has nodes of its own, to which none are added. */
static bool dev_is_bound(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_mounts; i++)
		if (plan->mounts[i].kind == PLAN_MOUNT_BIND &&
		    strcmp(plan->mounts[i].destination, "/dev") == 0)
			return true;
	return false;
}

static bool must_bind(const struct plan_input *in, const struct plan *plan)
{
	return plan_owns(plan, CLONE_NEWUSER) || in->host->in_user_namespace ||
	       !(in->host->caps_permitted & UINT64_C(1) << CAP_MKNOD);
}

struct listed {
	struct plan_node node;
	size_t at; /* index in the config */
};

static int by_path(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;
	int r = strcmp(x->node.path, y->node.path);

	return r ? r : (x->at > y->at) - (x->at < y->at);
}

/*
 * Stores the nodes of the config, for each path the last one at the place of the first. Returns
 * their number.
 */
static size_t own_nodes(const struct linux_spec *l, struct plan_node *v)
{
	struct listed *sorted = arena_array(l->devices.n + 1, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < l->devices.n; i++)
		sorted[i] = (struct listed){ make_node(&l->devices.v[i]), i };
	if (l->devices.n)
		qsort(sorted, l->devices.n, sizeof(*sorted), by_path);
	for (size_t i = 0, first = 0; i < l->devices.n; i++) {
		if (strcmp(sorted[first].node.path, sorted[i].node.path) != 0)
			first = i;
		v[sorted[first].at] = sorted[i].node;
	}
	for (size_t i = 0; i < l->devices.n; i++)
		if (v[i].path && strcmp(v[i].path, "/dev/ptmx") != 0)
			v[n++] = v[i];
	return n;
}

/*
 * The config's nodes come first. If several have the same path the last one counts; one of them
 * replaces a standard node. /dev/ptmx is always the link into the container's devpts, even if the
 * config lists it: Docker's privileged mode lists the host's.
 */
void plan_devices_make(const struct plan_input *in, struct plan *plan)
{
	const struct linux_spec *l = &in->config->linux_;
	struct plan_node *v = arena_array(l->devices.n + ARRAY_LEN(standard), sizeof(*v));
	size_t n = 0;

	plan->bind_nodes = must_bind(in, plan);
	n = own_nodes(l, v);
	if (dev_is_bound(plan))
		return;
	for (size_t i = 0; i < ARRAY_LEN(standard); i++)
		if (!has_node(v, n, standard[i].path))
			v[n++] = (struct plan_node){
				.place = standard[i].path,
				.path = standard[i].path,
				.mode = S_IFCHR | 0666,
				.major = standard[i].major,
				.minor = standard[i].minor,
				.standard = true,
			};
	plan->n_nodes = n;
	plan->nodes = v;
	plan->n_links = ARRAY_LEN(links) - !in->host->kcore;
	plan->links = links;
}

/* --- rules of the cgroup ---------------------------------------------------------------- */

/*
 * Rules that every container gets after those of the config, as in runc: Podman and `runc spec`
 * write only "deny all" and rely on it. mknod is allowed for all devices, because a node gives no
 * access by itself. /dev/console (5:1) is not allowed, because it is the host's; the container's is
 * a pty. The list is that of runc. runc 1.2.0 to 1.2.3 omitted tun, and 1.2.4 restored it, because
 * VPN programs make the node themselves. It gives rights over the container's own network
 * namespaces only.
 */
static const struct plan_device_rule allowed[] = {
	{ true, 'c', -1, -1, false, false, true }, /* mknod */
	{ true, 'b', -1, -1, false, false, true }, { true, 'c', 1, 3, true, true, true }, /* null */
	{ true, 'c', 1, 5, true, true, true },						  /* zero */
	{ true, 'c', 1, 7, true, true, true },						  /* full */
	{ true, 'c', 1, 8, true, true, true },	  /* random */
	{ true, 'c', 1, 9, true, true, true },	  /* urandom */
	{ true, 'c', 5, 0, true, true, true },	  /* tty */
	{ true, 'c', 5, 2, true, true, true },	  /* ptmx */
	{ true, 'c', 136, -1, true, true, true }, /* pts */
	{ true, 'c', 10, 200, true, true, true }, /* net/tun */
};

static struct plan_device_rule make_rule(const struct device_rule_spec *spec)
{
	const char *access = spec->access ? spec->access : "rwm";
	const char *type = spec->type ? spec->type : "a";

	return (struct plan_device_rule){
		.allow = spec->allow,
		.type = *type == 'u' ? 'c' : *type,
		.major = spec->major.set ? spec->major.v : -1,
		.minor = spec->minor.set ? spec->minor.v : -1,
		.read = strchr(access, 'r'),
		.write = strchr(access, 'w'),
		.mknod = strchr(access, 'm'),
	};
}

static bool is_everything(const struct plan_device_rule *r)
{
	return r->major < 0 && r->minor < 0 && r->read && r->write && r->mknod;
}

void plan_devices_make_rules(const struct resources_spec *spec, struct plan_cgroup *ret)
{
	size_t n = 0;
	struct plan_device_rule *v =
		arena_array(1 + 2 * spec->devices.n + ARRAY_LEN(allowed), sizeof(*v));

	v[n++] = (struct plan_device_rule){ false, 'a', -1, -1, true, true, true };
	for (size_t i = 0; i < spec->devices.n; i++) {
		struct plan_device_rule rule = make_rule(&spec->devices.v[i]);

		if (rule.type == 'a' && is_everything(&rule)) {
			n = 0; /* rules before this one have no effect */
			v[n++] = rule;
			/* in v1 "a" would mean all numbers and all accesses */
		} else if (rule.type == 'a') {
			rule.type = 'b';
			v[n++] = rule;
			rule.type = 'c';
			v[n++] = rule;
		} else {
			v[n++] = rule;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		v[n++] = allowed[i];
	ret->n_rules = n;
	ret->rules = v;
}
