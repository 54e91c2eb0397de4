/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The namespaces that clone3(2) cannot make with init.
 *
 * What must hold: init is in its cgroups before it makes a cgroup namespace, because the current
 * cgroup becomes the root of that namespace. Init is root of its user namespace before it makes IPC
 * and network namespaces. Otherwise their files (/dev/mqueue, /sys/class/net/lo, /proc/net) would
 * be owned by the overflow user "nobody".
 */
#include "process/namespaces.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

int namespaces_make_cgroup(void *ctx)
{
	const struct box *box = ctx;

	if ((box->plan->ns.made & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0)
		return fail(errno, "linux.namespaces: make a cgroup namespace");
	return 0;
}

int namespaces_make_time(void *ctx)
{
	const struct box *box = ctx;
	const struct plan_namespaces *ns = &box->plan->ns;
	const char *text = "";

	if (!(ns->made & CLONE_NEWTIME))
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return fail(errno, "linux.namespaces: make a time namespace");
	for (size_t i = 0; i < ns->n_offsets; i++)
		text = arena_printf("%s%s %jd %u\n", text, ns->offsets[i].clock,
				    (intmax_t)ns->offsets[i].secs, ns->offsets[i].nanosecs);
	int r = ns->n_offsets ? procfs_write(box->h->proc, "self/timens_offsets", text) : 0;

	if (r < 0)
		return fail(-r, "linux.timeOffsets: write");
	/*
	 * unshare(2) made the time namespace for children only, so init has to enter it. The magic
	 * link time_for_children is the only name of the namespace. It is read in our own procfs,
	 * into which nobody else can mount.
	 */
	autofd self = procfs_file(box->h->proc, "self/ns", O_RDONLY | O_DIRECTORY);

	if (self < 0)
		return fail(-self, "linux.namespaces: look at the time namespace");
	autofd fd = openat(self, "time_for_children", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWTIME) < 0)
		return fail(errno, "linux.namespaces: enter the time namespace");
	return 0;
}

uint64_t namespaces_late(const struct plan *plan)
{
	const struct plan_namespaces *ns = &plan->ns;
	bool user = (ns->made | ns->joined) & CLONE_NEWUSER;

	return user ? ns->made & ((uint64_t)CLONE_NEWIPC | CLONE_NEWNET) : 0;
}

int namespaces_make(void *ctx)
{
	const struct box *box = ctx;
	uint64_t late = namespaces_late(box->plan);

	if (late && unshare((int)late) < 0)
		return fail(errno, "linux.namespaces: make the container's%s%s namespace",
			    late & CLONE_NEWIPC ? " IPC" : "",
			    late & CLONE_NEWNET ? " network" : "");
	return 0;
}

int namespaces_enter_pid(void *ctx)
{
	const struct box *box = ctx;

	/*
	 * This comes after the hooks. They are children, and a child inside the joined namespace
	 * would show the host's root to others there before the pivot.
	 */
	if (setns(handles_pid_namespace(box->plan, box->h), CLONE_NEWPID) < 0)
		return fail(errno, "linux.namespaces: join the PID namespace");
	return 0;
}
