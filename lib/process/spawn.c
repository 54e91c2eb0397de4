/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of making the container's processes.
 *
 * What must hold: init is always a child of the runtime, so its pid cannot be reused before it is
 * reaped. The pid is reported by the kernel, not by the child. If one of the processes ends, the
 * others notice by end of file on the socket. The intermediate process is non-dumpable before it
 * joins its first namespace: processes in there might otherwise trace it and reach the host through
 * its descriptors (CVE-2016-9962).
 */
#include "process/spawn.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"
#include "process/exec.h"
#include "process/init.h"
#include "process/maps.h"
#include "process/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The namespaces that clone3(2) makes. A cgroup namespace is made when init is in its cgroups, a
 * time namespace when its offsets can be written. For the rest see namespaces_late().
 */
static uint64_t clone_flags(const struct plan *plan)
{
	return plan->ns.made & ~((uint64_t)CLONE_NEWCGROUP | CLONE_NEWTIME | namespaces_late(plan));
}

static void into_cgroup(const struct handles *h, struct clone_args *args)
{
	if (h->cgroup_dir < 0)
		return;
	args->flags |= CLONE_INTO_CGROUP;
	args->cgroup = (uint64_t)h->cgroup_dir;
}

static pid_t clone_init(const struct plan *plan, const struct handles *h, uint64_t more,
			int *ret_pidfd)
{
	struct clone_args args = { .flags = clone_flags(plan) | more };

	/* with CLONE_PARENT the kernel uses the exit signal of the calling process */
	if (!(more & CLONE_PARENT))
		args.exit_signal = SIGCHLD;
	if (ret_pidfd) {
		args.flags |= CLONE_PIDFD;
		args.pidfd = (uintptr_t)ret_pidfd;
	}
	into_cgroup(h, &args);
	return sys_clone3(&args);
}

static int clone_failed(const struct handles *h, int error)
{
	switch (error) {
	case EACCES:
		if (h->cgroup_dir < 0)
			break;
		return fail(error,
			    "move the container's process into its cgroup: the common ancestor of "
			    "that cgroup and tamis's own must be delegated to this user "
			    "(systemd-run --user --scope -p Delegate=yes)");
	case EPERM:
		return fail(error,
			    "make the container's namespaces (tamis doctor says what is missing)");
	case EAGAIN:
		return fail(error, "make the container's process: a limit on processes is reached");
	case ENOSPC:
	case EUSERS:
		return fail(error,
			    "make the container's process: a limit on namespaces is reached");
	}
	return fail(error, "make the container's process");
}

static void join_protect(const struct handles *h)
{
	prctl(PR_SET_NAME, START_COMM, 0, 0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		box_failed(h->sync[1], fail(errno, "protect the process that joins namespaces"));
}

/* Body of the intermediate process: joins the namespaces and clones init as its sibling. */
no_return static void join_run(const struct plan *plan, struct handles *h)
{
	join_protect(h);
	for (size_t i = 0; i < plan->ns.n_joins; i++) {
		const struct plan_join *join = &plan->ns.joins[i];

		if (join->flag == CLONE_NEWPID) /* init joins it itself, before its last clone */
			continue;
		if (setns(h->joins[i], (int)join->flag) < 0)
			box_failed(h->sync[1], fail(errno, "%s: join %s", join->place, join->path));
	}
	pid_t pid = clone_init(plan, h, CLONE_PARENT, NULL);

	if (pid < 0)
		box_failed(h->sync[1], clone_failed(h, errno));
	if (pid == 0)
		init_run(plan, h);
	_exit(0);
}

/*
 * Joins all namespaces by one setns(2) call with a pidfd. The kernel then checks the rights in the
 * other namespaces with the credentials of the user namespace.
 */
no_return static void enter_run(const struct plan *plan, struct handles *h)
{
	join_protect(h);
	if (setns(h->target, (int)plan->ns.joined) < 0)
		box_failed(h->sync[1],
			   errno == ESRCH
				   ? fail(0, "the container's init has ended in the meantime")
				   : fail(errno, "join the container's namespaces"));
	exec_run(plan, h);
}

static void reap(pid_t pid)
{
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * The working directory is the one path that the kernel translates into a new mount namespace. So
 * the root file system is made the working directory before init is cloned. Looking it up by path
 * might fail there: in a new user namespace init has no CAP_DAC_OVERRIDE for the host's
 * directories. Stores in *ret_old where to return to.
 */
static void enter_root(struct handles *h, int *ret_old)
{
	*ret_old = path_enter(h->root);
	h->at_root = *ret_old >= 0; /* if not, init looks the root up by its path */
}

static int leave_root(const struct handles *h, int old)
{
	if (h->at_root && fchdir(old) < 0)
		return fail(errno, "return to the working directory");
	return 0;
}

static int start_process(const struct plan *plan, struct handles *h, struct child *ret)
{
	struct msg hello = { 0 };
	autofd middle = -1, old = -1;
	struct clone_args join = { .exit_signal = SIGCHLD,
				   .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&middle };
	bool joins = plan->ns.joined & ~(uint64_t)CLONE_NEWPID;

	enter_root(h, &old);
	pid_t pid = joins ? sys_clone3(&join) : clone_init(plan, h, 0, &ret->pidfd);

	if (pid < 0)
		return clone_failed(h, errno);
	if (pid == 0 && joins)
		join_run(plan, h);
	if (pid == 0)
		init_run(plan, h);
	fd_close(&h->sync[1]); /* otherwise end of file would never be seen */
	if (!joins)
		ret->pid = pid;
	interrupt_watch(INTERRUPT_INIT, joins ? middle : ret->pidfd);
	int r = leave_root(h, old);

	if (r == 0)
		r = sync_receive(h, ret, SYNC_HELLO, &hello, NULL);

	if (joins) {
		if (r < 0 && hello.type == 0)
			kill(pid, SIGKILL);
		reap(pid);
		interrupt_watch(INTERRUPT_INIT, -1);
	}
	if (r < 0)
		return r;
	if (joins)
		return child_adopt(ret, hello.pid);
	return hello.pid == pid ? 0
				: fail(0,
				       "process %d says that it is the container's process "
				       "(%d)",
				       hello.pid, pid);
}

int spawn_init(const struct plan *plan, struct handles *h, struct child *ret)
{
	*ret = (struct child){ .pid = -1, .pidfd = -1 };
	/* The caller may have left SIGCHLD ignored. Then children vanish and waitpid(2) fails. */
	signal(SIGCHLD, SIG_DFL);
	int r = start_process(plan, h, ret);

	if (r < 0)
		child_end(ret);
	return r;
}

int spawn_exec(const struct plan *plan, struct handles *h, struct child *ret)
{
	struct clone_args args = { .exit_signal = SIGCHLD,
				   .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&ret->pidfd };

	*ret = (struct child){ .pid = -1, .pidfd = -1 };
	signal(SIGCHLD, SIG_DFL);
	/*
	 * Joins the cgroup by clone, before the process is in a cgroup namespace, from which the
	 * host's cgroup cannot be reached.
	 */
	into_cgroup(h, &args);
	ret->pid = sys_clone3(&args);
	if (ret->pid < 0)
		return clone_failed(h, errno);
	if (ret->pid == 0)
		enter_run(plan, h);
	fd_close(&h->sync[1]);
	interrupt_watch(INTERRUPT_INIT, ret->pidfd);
	int r = sync_expect(h, ret, SYNC_HELLO);

	if (r < 0)
		child_end(ret);
	return r;
}

/* Reports why the intermediate process did not make the process proper. */
static int not_followed(const struct handles *h, const struct child *child, bool ended)
{
	if (!ended)
		return fail(0, "the container's process did not get ready in time (is its cgroup "
			       "frozen?)");
	int r = sync_last_words(h, 0);

	return r < 0 ? r : sync_ended(h, child, "while it was made ready");
}

int spawn_follow(struct handles *h, struct child *child, int timeout_ms)
{
	struct child next = { .pid = -1, .pidfd = -1 };
	bool ended = fd_wait(child->pidfd, POLLIN, timeout_ms) > 0;
	pid_t pid = __atomic_load_n(&h->page->pid, __ATOMIC_ACQUIRE);
	int r = pid > 0 ? child_adopt(&next, pid) : not_followed(h, child, ended);

	if (r < 0)
		return r;
	child_end(child);
	*child = next;
	return 0;
}

/*
 * Raises hard limits, which needs privilege. Init sets the exact values at its end, because a small
 * limit could make its own work fail.
 */
static int raise_limits(const struct plan *plan, const struct child *child)
{
	for (size_t i = 0; i < plan->process.n_rlimits; i++) {
		const struct plan_rlimit *l = &plan->process.rlimits[i];
		struct rlimit now;

		if (prlimit(child->pid, (enum __rlimit_resource)l->resource, NULL, &now) < 0)
			return fail(errno, "process.rlimits: read %s", l->name);
		if (l->hard <= now.rlim_max)
			continue;
		now.rlim_max = l->hard;
		if (prlimit(child->pid, (enum __rlimit_resource)l->resource, &now, NULL) < 0)
			return fail(errno, "process.rlimits: raise %s to %ju", l->name,
				    (uintmax_t)l->hard);
	}
	return 0;
}

static int settle(const struct plan *plan, const struct handles *h, const struct child *child)
{
	int r = maps_write(plan, h->proc, child->pid);

	if (r == 0)
		r = raise_limits(plan, child);
	if (r < 0 || !plan->process.set_oom_score_adj)
		return r;
	r = procfs_write(h->proc, arena_printf("%d/oom_score_adj", child->pid),
			 arena_printf("%d", plan->process.oom_score_adj));
	return r < 0 ? fail(-r, "process.oomScoreAdj: write %d", plan->process.oom_score_adj) : 0;
}

int spawn_settle(const struct plan *plan, const struct handles *h, const struct child *child)
{
	int r = settle(plan, h, child);

	return r < 0 ? sync_last_words(h, r) : r;
}
