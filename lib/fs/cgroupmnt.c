/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the container's view of its cgroups.
 *
 * - v1 and hybrid hosts: a tmpfs with one bind mount of the container's own cgroup for each v1
 *   hierarchy, and symbolic links for controllers that share a hierarchy. The cgroup2 of a hybrid
 *   host is not shown, because programs take a host with a cgroup2 mount for a v2 host.
 * - v2 hosts: what /proc/self/cgroup refers to. With a cgroup namespace this is the container's own
 *   subtree, without one the whole hierarchy.
 *
 * What must hold: a container sees its own cgroups, and cannot write to them unless that is asked
 * for. It never sees the root of a v1 hierarchy, which has release_agent (class of CVE-2022-0492,
 * CVE-2023-25809). The flags of each mount are set before it is attached.
 */
#include "fs/cgroupmnt.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "fs/bind.h"
#include "fs/fsctx.h"
#include "fs/mount.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_own_namespace(const struct plan *plan)
{
	return (plan->ns.made | plan->ns.joined) & CLONE_NEWCGROUP;
}

/*
 * Whether a new cgroup2 mount can be used, which begins at the root of the cgroup namespace. The
 * kernel requires that the cgroup namespace belongs to the container's user namespace.
 */
static bool is_mountable(const struct plan *plan)
{
	if (plan->ns.made & CLONE_NEWCGROUP)
		return true;
	return has_own_namespace(plan) && !((plan->ns.made | plan->ns.joined) & CLONE_NEWUSER);
}

bool cgroupmnt_wants_leaf(const struct plan *plan, size_t i)
{
	if (plan->cgroup.unified)
		return i == 0 && !is_mountable(plan) &&
		       (plan->cgroup.n || !has_own_namespace(plan));
	return i < plan->cgroup.n && !plan->cgroup.v[i].v2;
}

/* The path on the host of what the container sees of hierarchy i. */
static const char *source_of(const struct plan *plan, size_t i)
{
	const struct cgroup_dir *v = &plan->cgroup.v[i];

	if (plan->cgroup.unified && !has_own_namespace(plan))
		return plan->cgroup.unified;
	return path_clean(path_join(v->mountpoint, v->path[0] == '/' ? v->path + 1 : v->path));
}

/* A container without a cgroup of its own sees that of the caller, and may only read it. */
static uint64_t readonly_at_least(const struct plan *plan)
{
	return plan->cgroup.n ? 0 : MOUNT_ATTR_RDONLY;
}

int cgroupmnt_leaf(const struct plan *plan, const struct plan_mount *m, size_t i, bool in_parent,
		   int *ret)
{
	const char *path = source_of(plan, i);
	struct mount_attr attr = { .attr_set = m->attr_set | readonly_at_least(plan),
				   .attr_clr = m->attr_clear,
				   .propagation = MS_PRIVATE };
	autofd fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 && errno == EPERM && in_parent)
		return BIND_LEFT_TO_INIT;
	if (fd < 0)
		return fail(errno, "%s: cgroup %s", mount_name(m), path);
	int r = mount_set(fd, 0, &attr);

	if (r < 0)
		return fail(-r, "%s: cannot set the attributes of cgroup %s", mount_name(m), path);
	*ret = take_fd(&fd);
	return 0;
}

static int attach_leaf(struct box *box, const struct plan_mount *m, size_t i, int target)
{
	autofd leaf = take_fd(&box->h->cgroup_leaves[i]);
	int r = 0;

	if (leaf < 0)
		return fail(0, "%s: the cgroup's mount was not opened", mount_name(m));
	r = mount_attach(leaf, target);
	return r < 0 ? fail(-r, "%s: cannot attach cgroup %s", mount_name(m),
			    source_of(box->plan, i))
		     : 0;
}

/*
 * Makes links such as cpu -> cpu,cpuacct. Programs look for the name of a controller, whichever way
 * the controllers are mounted.
 */
static int make_links(const struct plan_mount *m, int top, const char *name)
{
	if (!strchr(name, ','))
		return 0;
	for (const char *p = name; *p;) {
		size_t n = strcspn(p, ",");
		char link[64];

		if (n >= sizeof(link))
			return fail(ENAMETOOLONG, "%s: controllers %s", mount_name(m), name);
		memcpy(link, p, n);
		link[n] = 0;
		if (symlinkat(name, top, link) < 0 && errno != EEXIST)
			return fail(errno, "%s: link %s", mount_name(m), link);
		p += n + (p[n] == ',');
	}
	return 0;
}

static int make_hierarchy(struct box *box, const struct plan_mount *m, size_t i, int top)
{
	const char *name = cgroup_dir_mounted_as(&box->plan->cgroup.v[i]);

	if (mkdirat(top, name, 0755) < 0)
		return fail(errno, "%s: directory %s", mount_name(m), name);
	autofd dir = openat(top, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return fail(errno, "%s: directory %s", mount_name(m), name);
	int r = attach_leaf(box, m, i, dir);

	return r < 0 ? r : make_links(m, top, name);
}

static int make_v1(struct box *box, const struct plan_mount *m, int target)
{
	static const struct plan_option mode = { "mode", "755" };
	struct fsctx fs = { .what = mount_name(m),
			    .fstype = "tmpfs",
			    .source = "cgroup",
			    .label = box->plan->mount_label,
			    .label_kind = box->plan->mount_label_kind,
			    .n_options = 1,
			    .options = &mode,
			    .attrs = m->attr_set & ~(uint64_t)MOUNT_ATTR_RDONLY };
	autofd top = fsctx_mount(&fs);
	int r = top;

	if (r < 0)
		return r;
	r = mount_attach(top, target); /* mounts can be made only below an attached mount */
	if (r < 0)
		return fail(-r, "%s: cannot attach", mount_name(m));
	for (size_t i = 0; i < box->plan->cgroup.n; i++) {
		r = cgroupmnt_wants_leaf(box->plan, i) ? make_hierarchy(box, m, i, top) : 0;
		if (r < 0)
			return r;
	}
	/* later mounts may need directories in it, so it becomes read-only in rootfs_finish() */
	return m->attr_set & MOUNT_ATTR_RDONLY ? mount_read_only_late(box, m, top) : 0;
}

static int make_v2(const struct plan *plan, const struct plan_mount *m, int target)
{
	struct fsctx fs = { .what = mount_name(m),
			    .fstype = "cgroup2",
			    .source = "cgroup",
			    .attrs = m->attr_set | readonly_at_least(plan) };
	autofd fd = fsctx_mount(&fs);

	if (fd < 0)
		return fd;
	int r = mount_attach(fd, target);

	return r < 0 ? fail(-r, "%s: cannot attach", mount_name(m)) : 0;
}

int cgroupmnt_make(struct box *box, const struct plan_mount *m, int target)
{
	if (!box->plan->cgroup.unified)
		return make_v1(box, m, target);
	if (cgroupmnt_wants_leaf(box->plan, 0))
		return attach_leaf(box, m, 0, target);
	return make_v2(box->plan, m, target);
}
