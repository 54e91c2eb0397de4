/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container is doing, from evidence, not from a word that somebody had to write in
 * time: whether init lives (identity), whether it still listens for a start (its socket is
 * close-on-exec), whether its cgroup is frozen, whether a create holds the lock.
 */
#include "runtime/status.h"

#include "base/fd.h"
#include "base/identity.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "channel/start.h"
#include "runtime/container.h"
#include "runtime/statedir.h"
#include "runtime/timeouts.h"

#include <errno.h>

const char *status_word(enum status status)
{
	static const char *const words[] = {
		[STATUS_CREATING] = "creating", [STATUS_CREATED] = "created",
		[STATUS_RUNNING] = "running",	[STATUS_PAUSED] = "paused",
		[STATUS_STOPPED] = "stopped",	[STATUS_BROKEN] = "stopped",
		[STATUS_GONE] = "stopped",
	};

	return words[status];
}

/* Of a container whose record, when it was read, was a create's that had not done its work. */
static enum status create_status(struct container *c)
{
	struct record now;

	if (c->locked)
		return STATUS_BROKEN;
	if (statedir_is_locked(c->dir))
		return STATUS_CREATING;
	/* The lock is given back behind the last word that is written: this one is final. */
	int r = record_read(c->dir, c->id, &now);

	if (r == -ENOENT)
		return STATUS_GONE;
	if (r != 0 || !now.created)
		return STATUS_BROKEN;
	c->record = now;
	return STATUS_CREATED;
}

enum status container_status(struct container *c)
{
	const struct record *r = &c->record;
	struct cgroup cgroup;
	enum status creating = r->created ? STATUS_CREATED : create_status(c);

	if (creating != STATUS_CREATED)
		return creating;
	autofd pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (pidfd == -ESRCH)
		return STATUS_STOPPED;
	if (pidfd < 0)
		return STATUS_RUNNING; /* nobody knows; whoever removes it must find out */
	record_cgroup(r, &cgroup);
	if (cgroup_freeze_is_frozen(&cgroup) == 1)
		return STATUS_PAUSED;
	if (start_is_waiting(c->dir) != 1)
		return STATUS_RUNNING;
	/* What is inside may have become a writer of the FIFO, too, where it may trace init. */
	return start_has_executed(pidfd) ? STATUS_RUNNING : STATUS_CREATED;
}
