/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals to containers. A signal goes through a pidfd of exactly our process, or to the
 * members of its cgroup; never to a number that may be a stranger's by now.
 */
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "runtime/container.h"
#include "runtime/identity.h"
#include "runtime/lifecycle.h"

#include <errno.h>
#include <signal.h>

/* To init alone. */
static int kill_init(const struct container *c, int sig)
{
	const struct record *r = &c->record;
	autofd pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (pidfd == -ESRCH)
		return fail(0, "container '%s': " WORDS_NOT_RUNNING, c->id);
	if (pidfd < 0)
		return fail(-pidfd, "container '%s': init", c->id);
	if (sys_pidfd_send_signal(pidfd, sig) < 0)
		return errno == ESRCH ? fail(0, "container '%s': " WORDS_NOT_RUNNING, c->id)
				      : fail(errno, "container '%s': signal %d", c->id, sig);
	/* SIGKILL waits for a thaw on cgroup v1; whoever kills means it */
	if (sig == SIGKILL && container_status(c) == STATUS_PAUSED) {
		struct cgroup cgroup;

		record_cgroup(r, &cgroup);
		return cgroup_freeze(&cgroup, false, DEATH_TIMEOUT_MS);
	}
	return 0;
}

/*
 * In a PID namespace of its own init takes all others with it. In a shared one SIGKILL to
 * init would leave them running, so it goes to the cgroup, with and without --all.
 */
int container_kill(struct container *c, int sig, bool all)
{
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	if (cgroup.n == 0 && all && container_status(c) == STATUS_STOPPED)
		return 0;
	if (cgroup.n && all)
		return cgroup_kill(&cgroup, sig);
	int r = kill_init(c, sig);

	if (sig == SIGKILL && !c->record.own_pid_namespace) {
		int k = cgroup_kill(&cgroup, sig);

		r = r < 0 ? r : k;
	}
	return r;
}

int container_end(struct container *c)
{
	const struct record *r = &c->record;

	if (c->child.pidfd >= 0) {
		child_end(&c->child);
		return 0;
	}
	autofd pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id ? r->boot_id : "");

	if (pidfd == -ESRCH)
		return 0;
	if (pidfd < 0)
		return fail(-pidfd, "container '%s': init", c->id);
	int k = container_kill(c, SIGKILL, false);

	if (k < 0)
		err_clear(); /* gone meanwhile, or the wait below tells */
	if (identity_wait(pidfd, DEATH_TIMEOUT_MS) < 0)
		return fail(0, "container '%s': process %d is still there %d s after SIGKILL",
			    c->id, (int)r->pid, DEATH_TIMEOUT_MS / 1000);
	return 0;
}
