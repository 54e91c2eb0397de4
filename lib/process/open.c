/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is opened of the host before the container exists, while paths still refer to the host.
 * What must hold: each check is made on the file descriptor that is used later.
 */
#include "process/open.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "fs/bind.h"
#include "fs/cgroupmnt.h"
#include "fs/idmap.h"
#include "fs/mount.h"
#include "fs/source.h"
#include "plan/plan.h"
#include "process/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static int open_join(const struct plan_join *join)
{
	struct statfs st;
	autofd fd = open(join->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstatfs(fd, &st) < 0)
		return fail(errno, "%s: open the namespace %s", join->place, join->path);
	if (st.f_type != NSFS_MAGIC)
		return fail(0, "%s: %s: found another kind of file, expected a namespace",
			    join->place, join->path);
	int type = ioctl(fd, NS_GET_NSTYPE);

	if (type < 0 || (uint64_t)type != join->flag)
		return fail(0, "%s: %s: found a namespace of another type (0x%x), expected 0x%jx",
			    join->place, join->path, (unsigned int)type, (uintmax_t)join->flag);
	return take_fd(&fd);
}

/* Returns the setting of the plan that would be changed in that namespace, or NULL. */
static const char *writes_into(const struct plan *plan, uint64_t flag)
{
	for (size_t i = 0; i < plan->n_sysctls; i++)
		if (plan->sysctls[i].ns == flag)
			return arena_printf("linux.sysctl: %s", plan->sysctls[i].key);
	if (flag != CLONE_NEWUTS)
		return NULL;
	return plan->hostname ? "hostname" : plan->domainname ? "domainname" : NULL;
}

/*
 * A path may lead to the namespace that tamis itself is in. Then settings for the container would
 * change the host.
 */
static int check_not_ours(const struct plan *plan, const struct plan_join *join, int proc, int fd)
{
	static const struct {
		uint64_t flag;
		const char *file;
	} kinds[] = { { CLONE_NEWNET, "self/ns/net" },
		      { CLONE_NEWIPC, "self/ns/ipc" },
		      { CLONE_NEWUTS, "self/ns/uts" } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const char *what =
			kinds[i].flag == join->flag ? writes_into(plan, join->flag) : NULL;
		struct stat ours, joined;

		if (!what)
			continue;
		/* follows the magic link, in our own procfs into which nobody else can mount */
		if (fstatat(proc, kinds[i].file, &ours, 0) < 0 || fstat(fd, &joined) < 0)
			return fail(errno, "%s: compare it with our own", join->place);
		if (ours.st_dev == joined.st_dev && ours.st_ino == joined.st_ino)
			return fail(0,
				    "%s: found the host's namespace at %s, expected one of the "
				    "container's own",
				    what, join->path);
	}
	return 0;
}

/* Whether the user namespace is `top` or a descendant of it. Silent. */
static bool is_within(int user, const struct stat *top)
{
	autofd at = fcntl(user, F_DUPFD_CLOEXEC, 3);

	while (at >= 0) {
		struct stat st;

		if (fstat(at, &st) < 0)
			return false;
		if (st.st_dev == top->st_dev && st.st_ino == top->st_ino)
			return true;
		/* EPERM if the parent lies outside of our own user namespace */
		int above = ioctl(at, NS_GET_PARENT);

		fd_close(&at);
		at = above;
	}
	return false;
}

static const struct plan_mount *find_fs(const struct plan *plan, const char *fstype)
{
	for (size_t i = 0; i < plan->n_mounts; i++)
		if (plan->mounts[i].kind == PLAN_MOUNT_FS &&
		    strcmp(plan->mounts[i].fstype, fstype) == 0)
			return &plan->mounts[i];
	return NULL;
}

/*
 * Refuses what the container's root could not do with that namespace: it has rights in `top` and
 * below only.
 */
static int check_owner(const struct plan *plan, const struct plan_join *join, int fd,
		       const struct stat *top)
{
	const char *fstype = join->flag == CLONE_NEWNET	  ? "sysfs"
			     : join->flag == CLONE_NEWIPC ? "mqueue"
							  : NULL;
	const struct plan_mount *m = fstype ? find_fs(plan, fstype) : NULL;

	if (!m && join->flag != CLONE_NEWPID)
		return 0;
	autofd owner = ioctl(fd, NS_GET_USERNS);

	if (owner >= 0 && is_within(owner, top))
		return 0;
	if (m)
		return fail(0,
			    "%s: expected a bind of the host's, because %s does not belong to the "
			    "user namespace that is joined, found a new %s",
			    mount_name(m), join->path, fstype);
	return fail(0,
		    "%s: %s does not belong to the user namespace that is joined: expected one "
		    "of those in which the container's root has rights",
		    join->place, join->path);
}

/*
 * Checks the namespaces that are joined beside a user namespace. Done here, before anything exists,
 * so that the error does not come in the middle of a create.
 */
static int check_owners(const struct plan *plan, const struct handles *h)
{
	const struct plan_namespaces *ns = &plan->ns;
	struct stat top;
	int user = -1, r = 0;

	for (size_t i = 0; i < ns->n_joins; i++)
		if (ns->joins[i].flag == CLONE_NEWUSER)
			user = h->joins[i];
	if (user < 0)
		return 0;
	if (fstat(user, &top) < 0)
		return fail(errno, "linux.namespaces: fstat of the user namespace");
	for (size_t i = 0; r == 0 && i < ns->n_joins; i++)
		r = check_owner(plan, &ns->joins[i], h->joins[i], &top);
	return r;
}

static int open_joins(const struct plan *plan, struct handles *h)
{
	if (plan->ns.n_joins > ARRAY_LEN(h->joins))
		return fail(0, "linux.namespaces: found too many namespaces to join (%zu)",
			    plan->ns.n_joins);
	for (size_t i = 0; i < plan->ns.n_joins; i++) {
		h->joins[i] = open_join(&plan->ns.joins[i]);
		if (h->joins[i] < 0)
			return h->joins[i];
		int r = check_not_ours(plan, &plan->ns.joins[i], h->proc, h->joins[i]);

		if (r < 0)
			return r;
	}
	return check_owners(plan, h);
}

static int open_mounts(const struct plan *plan, struct handles *h)
{
	const struct root_place root = source_root(plan, h->root);

	for (size_t i = 0; i < plan->n_mounts; i++) {
		const struct plan_mount *m = &plan->mounts[i];

		if (m->idmap != PLAN_IDMAP_NONE) {
			h->idmaps[i] = idmap_open(plan, m, h);
			if (h->idmaps[i] < 0)
				return h->idmaps[i];
		}
		if (m->kind != PLAN_MOUNT_BIND)
			continue;
		int r = source_find(m, &root, &h->origins[i]);

		if (r < 0)
			return r;
		if (h->origins[i].below || h->origins[i].link)
			continue;
		r = bind_open(plan, i, h->idmaps[i], true, &h->sources[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

int open_handles(const struct plan *plan, struct handles *h)
{
	int r = h->proc = procfs_open();

	if (r < 0)
		return r;
	h->bundle = open(plan->bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (h->bundle < 0)
		return fail(errno, "open the bundle %s", plan->bundle);
	h->root = open(plan->root.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (h->root < 0)
		return fail(errno, "root.path %s", plan->root.path);
	r = maps_check(plan);
	if (r == 0)
		r = open_joins(plan, h);
	if (r == 0)
		r = open_mounts(plan, h);
	if (r < 0)
		return r;
	r = msg_pair(h->sync);
	return r < 0 ? fail(-r, "socketpair") : 0;
}

int open_cgroup(const struct plan *plan, struct handles *h)
{
	const struct plan_mount *m = NULL;

	for (size_t i = 0; i < plan->n_mounts; i++)
		if (plan->mounts[i].kind == PLAN_MOUNT_CGROUP) {
			if (m)
				return fail(0,
					    "%s: found a second mount of type cgroup, expected one "
					    "(%s)",
					    mount_name(&plan->mounts[i]), m->place);
			m = &plan->mounts[i];
		}
	for (size_t i = 0; m && i < PLAN_HIERARCHIES; i++) {
		int r = cgroupmnt_wants_leaf(plan, i)
				? cgroupmnt_leaf(plan, m, i, true, &h->cgroup_leaves[i])
				: 0;

		if (r < 0)
			return r;
	}
	return 0;
}
