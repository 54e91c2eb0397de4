/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the mounts of a plan: the kind of each, its flags, and where it may be. What must hold: an
 * option that is not understood is never ignored if it might restrict something. Only procfs is
 * mounted on /proc, so that a write of a label or a sysctl cannot go to a file of the image
 * (CVE-2019-16884, CVE-2019-19921).
 */
#include "base/arena.h"
#include "base/log.h"
#include "base/path.h"
#include "oci/annotations.h"
#include "oci/json.h"
#include "plan/make.h"
#include "plan/mount_options.h"

#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mount.h>

/*
 * Files of /proc that lxcfs and similar programs may replace: counters for reading, which no part
 * of a runtime ever writes.
 */
static const char *const proc_files[] = {
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/meminfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/uptime",
	"/proc/loadavg",
	"/proc/slabinfo",
	"/proc/net/dev",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/sys/crypto/fips_enabled",
};

static bool is_at_or_under(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '/' || !path[n]);
}

/* --- kind, source, destination ---------------------------------------------------------- */

static bool asks_for_bind(const struct mount_spec *spec, bool *ret_recursive)
{
	bool bind = false;

	for (size_t i = 0; i < spec->options.n; i++) {
		const struct mount_option *o = mount_options_find(spec->options.v[i]);

		if (o && o->kind == OPTION_BIND) {
			*ret_recursive = o->value & MS_REC;
			bind = true;
		}
	}
	return bind;
}

/* The options decide; the type of a bind mount is ignored. */
static int kind_of(const struct mount_spec *spec, const struct host *host, struct plan_mount *m)
{
	const char *type = spec->type ? spec->type : "";

	if (asks_for_bind(spec, &m->recursive) || strcmp(type, "bind") == 0) {
		m->kind = PLAN_MOUNT_BIND;
		return 0;
	}
	if (!*type || strcmp(type, "none") == 0)
		return json_fail_member(
			spec->at, "type",
			"expected a file system, or bind among the options, found %s",
			*type ? "\"none\"" : "none");
	m->fstype = type;
	m->kind = PLAN_MOUNT_FS;
	if (strcmp(type, "cgroup") == 0 ||
	    (strcmp(type, "cgroup2") == 0 && host->cgroups == HOST_CGROUP_V2))
		m->kind = PLAN_MOUNT_CGROUP;
	return 0;
}

static int make_source(const struct plan_input *in, const struct mount_spec *spec,
		       struct plan_mount *m)
{
	const char *source = spec->source;

	if (source && *source)
		m->source = source;
	if (m->kind != PLAN_MOUNT_BIND)
		return 0;
	if (!m->source)
		return json_fail_member(spec->at, "source", "expected a path to bind, found none");
	if (m->source[0] !=
	    '/') /* not cleaned, because the kernel resolves ".." behind a symbolic link */
		m->source = arena_printf("%s/%s", in->options->bundle, m->source);
	return 0;
}

static int check_proc(const struct mount_spec *spec, struct plan_mount *m)
{
	bool procfs = m->kind == PLAN_MOUNT_FS && strcmp(m->fstype, "proc") == 0;

	if (!is_at_or_under(m->destination, "/proc") || procfs)
		return 0;
	if (m->kind == PLAN_MOUNT_BIND && strcmp(m->destination, "/proc") == 0) {
		m->proc_source = true;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(proc_files); i++)
		if (m->kind == PLAN_MOUNT_BIND && strcmp(m->destination, proc_files[i]) == 0)
			return 0;
	return json_fail_member(
		spec->at, "destination",
		"expected procfs, or a bind of a file like /proc/meminfo, to be mounted on %s",
		m->destination);
}

static int make_destination(const struct mount_spec *spec, struct plan_mount *m)
{
	m->destination = path_join("/", spec->destination);
	if (strcmp(m->destination, "/") == 0)
		return json_fail_member(spec->at, "destination",
					"expected a place below the root, found \"%s\"",
					spec->destination);
	bool pseudo = m->kind == PLAN_MOUNT_FS &&
		      (strcmp(m->fstype, "proc") == 0 || strcmp(m->fstype, "sysfs") == 0);

	m->strict_target = pseudo || is_at_or_under(m->destination, "/proc") ||
			   strcmp(m->destination, "/sys") == 0;
	return check_proc(spec, m);
}

/* --- the rest --------------------------------------------------------------------------- */

static int make_idmap(const struct mount_spec *spec, const struct plan *plan, struct plan_mount *m)
{
	bool maps = spec->uid_maps.n || spec->gid_maps.n;

	if (maps && m->idmap == PLAN_IDMAP_NONE)
		m->idmap = PLAN_IDMAP_TOP;
	if (m->idmap == PLAN_IDMAP_NONE)
		return 0;
	if (m->kind != PLAN_MOUNT_BIND)
		return json_fail(spec->at, "expected a bind mount for an id-mapped mount");
	if (!maps && !plan_owns(plan, CLONE_NEWUSER)) {
		/* the container's ids are those of the host: mapped to themselves */
		m->idmap = PLAN_IDMAP_NONE;
		return 0;
	}
	plan_ns_make_id_maps(&spec->uid_maps, &m->uid_maps);
	plan_ns_make_id_maps(&spec->gid_maps, &m->gid_maps);
	return 0;
}

/*
 * Whether the container's namespace of that CLONE_NEW* certainly belongs to a user namespace above
 * its own. If both are joined, process/open.c checks the descriptors.
 */
static bool is_foreign(const struct plan *plan, uint64_t flag)
{
	if (plan->ns.made & flag)
		return false;
	if (plan->ns.made & CLONE_NEWUSER)
		return true;
	return (plan->ns.joined & CLONE_NEWUSER) && !(plan->ns.joined & flag);
}

/*
 * In a user namespace the kernel mounts these types only if the other namespace belongs to it. Its
 * EPERM would not explain that.
 */
static int check_userns(const struct mount_spec *spec, const struct plan *plan,
			const struct plan_mount *m)
{
	static const struct {
		const char *fstype;
		uint64_t flag;
		const char *name;
	} rows[] = { { "proc", CLONE_NEWPID, "pid" }, { "mqueue", CLONE_NEWIPC, "ipc" } };

	if (m->kind != PLAN_MOUNT_FS)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(m->fstype, rows[i].fstype) == 0 && is_foreign(plan, rows[i].flag))
			return json_fail_member(spec->at, "type",
						"expected a bind of the host's %s, because the "
						"user namespace has no %s namespace of its own",
						m->fstype, rows[i].name);
	return 0;
}

/*
 * A new sysfs shows the network namespace of the caller, and the kernel requires that it belongs to
 * the user namespace. If the container keeps the network namespace of a parent, the existing sysfs
 * shows the same. So it is bound, with the mounts below it, which are locked to it.
 */
static void bind_sysfs(const struct host *host, const struct plan *plan, struct plan_mount *m)
{
	bool foreign = plan_owns(plan, CLONE_NEWUSER)
			       ? is_foreign(plan, CLONE_NEWNET)
			       : host->in_user_namespace && !plan_owns(plan, CLONE_NEWNET);

	if (m->kind != PLAN_MOUNT_FS || strcmp(m->fstype, "sysfs") != 0 || !foreign)
		return;
	m->kind = PLAN_MOUNT_BIND;
	m->source = "/sys";
	m->recursive = true;
	m->rec_set |= m->attr_set;
}

static int make_mount(const struct plan_input *in, const struct mount_spec *spec,
		      const struct plan *plan, struct plan_mount *m)
{
	int r = kind_of(spec, in->host, m);

	m->place = json_path(spec->at);
	if (r < 0 || (r = make_source(in, spec, m)) < 0 || (r = make_destination(spec, m)) < 0 ||
	    (r = plan_mount_options_make(spec, plan, m)) < 0 || (r = make_idmap(spec, plan, m)) < 0)
		return r;
	bind_sysfs(in->host, plan, m);
	return check_userns(spec, plan, m);
}

static void make_root(const struct plan_input *in, struct plan *plan)
{
	const struct root_spec *root = &in->config->root;
	uint32_t propagation = in->config->linux_.rootfs_propagation;

	plan->root.path = root->path[0] == '/'
				  ? root->path
				  : arena_printf("%s/%s", in->options->bundle, root->path);
	plan->root.readonly = root->readonly;
	plan->root.propagation = propagation & ~(uint32_t)MS_REC;
	plan->root.propagation_recursive = propagation & MS_REC;
}

/* A mount on "/" would hide nothing, because the process's root directory stays below it. */
static int check_masked(const struct linux_spec *l)
{
	for (size_t i = 0; i < l->masked_paths.n; i++)
		if (strcmp(path_clean(l->masked_paths.v[i]), "/") == 0)
			return json_fail_element(l->at, "maskedPaths", i,
						 "expected a place below the root, found \"%s\"",
						 l->masked_paths.v[i]);
	return 0;
}

/* Cleaned, so that "/proc//kcore" and "/proc/kcore" are the same. */
static const char *const *make_paths(const struct strings *from)
{
	const char **v = arena_array(from->n + 1, sizeof(*v));

	for (size_t i = 0; i < from->n; i++)
		v[i] = path_clean(from->v[i]);
	return v;
}

int plan_mounts_make(const struct plan_input *in, struct plan *plan)
{
	const struct config *config = in->config;
	const struct linux_spec *l = &config->linux_;
	struct plan_mount *v = arena_array(config->mounts.n + 1, sizeof(*v));

	make_root(in, plan);
	plan->n_mounts = config->mounts.n;
	plan->mounts = v;
	for (size_t i = 0; i < config->mounts.n; i++) {
		int r = make_mount(in, &config->mounts.v[i], plan, &v[i]);

		if (r < 0)
			return r;
	}
	int r = check_masked(l);

	if (r < 0)
		return r;
	plan->n_masked = l->masked_paths.n;
	plan->masked = make_paths(&l->masked_paths);
	plan->n_readonly = l->readonly_paths.n;
	plan->readonly = make_paths(&l->readonly_paths);
	if (!l->mount_label || !*l->mount_label)
		return 0;
	if (!in->host->selinux)
		return json_fail_member(l->at, "mountLabel",
					"expected none, because this host runs without SELinux");
	plan->mount_label = l->mount_label;
	plan->mount_label_kind = annotations_text(config, ANNOTATION_LABEL_KIND);
	if (!plan->mount_label_kind)
		plan->mount_label_kind = "context";
	return 0;
}
