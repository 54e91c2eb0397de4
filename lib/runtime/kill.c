/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals to containers. A signal goes through a pidfd of exactly our process, or to the
 * members of its cgroup; never to a number that may be a stranger's by now.
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

/* How long init, which is not known to be frozen, may take for its end before that is supposed. */
enum { FREE_END_MS = 100 };

/*
 * On cgroup v1 SIGKILL waits for a thaw, and it is not only `pause` that freezes: a container may
 * freeze cgroups of its own, init in them, and again as soon as they are thawed. Whoever kills
 * init means all that go with it; so, if it does not end by itself, all are killed while nobody
 * can run, and then thawed.
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

/* To init alone. */
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
 * In a PID namespace of its own init takes all others with it. In a shared one SIGKILL to
 * init would leave them running, so it goes to the cgroup, with and without --all; then it
 * does not matter whether init is still there.
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
