/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns signals to containers. What must hold: a signal is sent by a pidfd of the recorded process,
 * or to the members of the container's cgroup, never to a pid that may have been reused.
 */
#include "runtime/kill.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/sys.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "cgroup/kill.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <signal.h>

/* How long init may take to end before it is assumed to be frozen. */
enum { FREE_END_MS = 100 };

/*
 * On cgroup v1 SIGKILL takes effect only after a thaw. Not only `pause` freezes: a container may
 * freeze its own cgroups, with init in them, and do so again as soon as they are thawed. Killing
 * init means killing all processes with it. So if init does not end by itself, all processes are
 * killed while frozen, and then thawed.
 */
static int release_init(const struct container *c, int pidfd)
{
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	if (!cgroup_freeze_has_v1(&cgroup))
		return 0;
	if (cgroup_freeze_is_frozen(&cgroup) != 1 && identity_wait(pidfd, FREE_END_MS) == 0)
		return 0;
	return cgroup_kill(&cgroup, SIGKILL);
}

/* Sends the signal to init only. */
static int kill_init(struct container *c, int sig)
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
	return sig == SIGKILL ? release_init(c, pidfd) : 0;
}

/*
 * In a PID namespace of its own the end of init ends all other processes. In a shared one SIGKILL
 * to init would leave them running. So SIGKILL is sent to the whole cgroup, with and without --all,
 * and it does not matter whether init still exists.
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
		if (r < 0 && cgroup_exists(&cgroup)) {
			err_clear();
			r = 0;
		}
		int k = cgroup_kill(&cgroup, sig);

		r = r < 0 ? r : k;
	}
	return r;
}
