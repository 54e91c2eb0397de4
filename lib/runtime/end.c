/* SPDX-License-Identifier: Apache-2.0 */
/* Ends a container's init, whatever state it is in. */
#include "runtime/end.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/kill.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <signal.h>

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
	/* unknown; removing the cgroups will show whether a process is left */
	if (pidfd < 0 && r->cgroups.n > 0)
		return 0;
	if (pidfd < 0)
		return fail(-pidfd, "container '%s': init", c->id);
	int k = container_kill(c, SIGKILL, false);

	if (k < 0)
		err_clear(); /* gone in the meantime, or the wait below reports it */
	if (identity_wait(pidfd, FORCE_PATIENCE_MS) == 0)
		return 0;
	denials_kill(c);
	if (identity_wait(pidfd, DEATH_TIMEOUT_MS) < 0)
		return fail(0, "container '%s': process %d is still there %d s after SIGKILL",
			    c->id, (int)r->pid, DEATH_TIMEOUT_MS / 1000);
	return 0;
}
