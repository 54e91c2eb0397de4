/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What init does about its namespaces and cgroups with its first acts: those that clone3
 * could not make, and the loopback interface. What must hold: it is in its cgroups before it
 * makes a cgroup namespace, whose root is where it stands then; and it is root of its user
 * namespace before it makes those whose files belong to who that is: /dev/mqueue of an IPC
 * namespace, /sys/class/net/lo and /proc/net of a network namespace were nobody's.
 */
#include "box/inner.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "box/procfs.h"
#include "box/procns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int cgroups_enter(void *ctx)
{
	const struct box *box = ctx;

	/* "0" is the writer. Into `tasks`, because `cgroup.procs` takes a lock that costs an
	 * RCU grace period, and we have one thread. */
	for (size_t i = 0; i < box->h->n_tasks; i++)
		if (box->h->tasks[i] >= 0 && write(box->h->tasks[i], "0", 1) != 1)
			return fail(errno, "join the container's cgroup in hierarchy %s",
				    i < box->plan->cgroup.n ? box->plan->cgroup.v[i].name : "");
	return 0;
}

int cgroupns_make(void *ctx)
{
	const struct box *box = ctx;

	if ((box->plan->ns.made & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0)
		return fail(errno, "linux.namespaces: make a cgroup namespace");
	return 0;
}

int timens_make(void *ctx)
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
	/* unshare made it for our children; the one magic link that init follows, in a procfs
	 * that nobody mounts into: nsfs files have no other name. */
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

int pidns_enter(void *ctx)
{
	const struct box *box = ctx;

	/* A hook is a child, and one that is seen inside before the pivot shows the host. */
	if (setns(procns_join(box->plan, box->h), CLONE_NEWPID) < 0)
		return fail(errno, "linux.namespaces: join the PID namespace");
	return 0;
}

int loopback_up(void *ctx)
{
	const struct box *box = ctx;
	struct ifreq request = { .ifr_name = "lo" };

	if (!(box->plan->ns.made & CLONE_NEWNET))
		return 0;
	/* netdevice(7): any socket will do, and this family is always there. */
	autofd sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || ioctl(sock, SIOCGIFFLAGS, &request) < 0)
		return fail(errno, "loopback interface: read its flags");
	request.ifr_flags |= IFF_UP;
	if (ioctl(sock, SIOCSIFFLAGS, &request) < 0)
		return fail(errno, "loopback interface: bring it up");
	return 0;
}
