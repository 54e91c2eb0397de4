/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the status of a container. It is determined from evidence, not from a stored word: whether
 * init lives (identity.h), whether it still is a writer of start.fifo, which is close-on-exec,
 * whether its cgroup is frozen, and whether a create holds the lock.
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

/* The status of a container whose record, when it was read, was that of an unfinished create. */
static enum status create_status(struct container *c)
{
	struct record now;

	if (c->locked)
		return STATUS_BROKEN;
	if (statedir_is_locked(c->dir))
		return STATUS_CREATING;
	/* The create releases the lock after its last write, so this version is final. */
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
		/* unknown; a command that removes the container must find out */
		return STATUS_RUNNING;
	record_cgroup(r, &cgroup);
	if (cgroup_freeze_is_frozen(&cgroup) == 1)
		return STATUS_PAUSED;
	if (start_is_waiting(c->dir) != 1)
		return STATUS_RUNNING;
	/* A process that may trace init may also have become a writer of the FIFO. */
	return start_has_executed(pidfd) ? STATUS_RUNNING : STATUS_CREATED;
}
