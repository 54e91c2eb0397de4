/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes what a container left, in whatever state a crash left it: the steps of create,
 * undone from the record. What must hold: 0 means that nothing is left; a process that
 * cannot be ended or a cgroup that cannot be removed is an error, and the record stays for
 * the next try.
 */
#include "runtime/delete.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/log.h"
#include "base/sys.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/remove.h"
#include "runtime/container.h"
#include "runtime/create.h"
#include "runtime/end.h"
#include "runtime/holder.h"
#include "runtime/load.h"
#include "runtime/state.h"
#include "runtime/statedir.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <signal.h>

/* delete --force during a create: ends the creator, whose death ends init and frees the lock. */
static int end_creator(struct container *c)
{
	const struct record *r = &c->record;
	autofd pidfd = identity_open((pid_t)r->creator_pid, r->creator_start, r->boot_id);

	if (pidfd < 0) /* gone; or nobody knows, and then the lock tells whether it is at work */
		return 0;
	if (sys_pidfd_send_signal(pidfd, SIGKILL) < 0 && errno != ESRCH)
		return fail(errno, "container '%s': its create cannot be ended", c->id);
	if (identity_wait(pidfd, DEATH_TIMEOUT_MS) < 0)
		return fail(0, "container '%s': its create is still there after SIGKILL", c->id);
	return 0;
}

/* Ends the command that holds the lock: SIGTERM, so that it may end its hooks, then SIGKILL. */
static int end_holder(struct container *c)
{
	autofd pidfd = holder_open(c->dir);

	if (pidfd == -ESRCH) /* it gave the lock back */
		return 0;
	if (pidfd < 0)
		return fail(-pidfd, "container '%s': the command that holds its lock", c->id);
	log_debug("container '%s': ends the command that holds its lock", c->id);
	if (sys_pidfd_send_signal(pidfd, SIGTERM) < 0 && errno != ESRCH)
		return fail(errno, "container '%s': the command that holds its lock", c->id);
	if (identity_wait(pidfd, FORCE_PATIENCE_MS) == 0)
		return 0;
	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	if (identity_wait(pidfd, DEATH_TIMEOUT_MS) < 0)
		return fail(0, "container '%s': who holds its lock is still there after SIGKILL",
			    c->id);
	return 0;
}

/*
 * Whatever another command does with the container: it is ended, which ends what waits for it
 * (a `start` for startContainer hooks), and after a while so is the command (a `start` whose
 * poststart hook hangs).
 */
static int lock_by_force(struct container *c)
{
	int r = container_lock(c, 0);

	if (r != -EBUSY)
		return r;
	err_clear();
	if (container_end(c) < 0) /* container_create_undo() tries again, and says so */
		err_clear();
	r = container_lock(c, FORCE_PATIENCE_MS);
	if (r != -EBUSY)
		return r;
	err_clear();
	r = end_holder(c);
	return r < 0 ? r : container_lock(c, LOCK_TIMEOUT_MS);
}

int container_delete(struct container *c, bool force)
{
	int r = 0;

	if (force && !c->record.created && container_status(c) == STATUS_CREATING)
		r = end_creator(c);
	if (r >= 0)
		r = force ? lock_by_force(c) : container_lock(c, LOCK_TIMEOUT_MS);
	if (r == -ENOENT && force) {
		err_clear();
		return 0;
	}
	if (r < 0)
		return r;
	enum status status = container_status(c);

	if (!force && (status == STATUS_RUNNING || status == STATUS_PAUSED))
		return fail(0, "container '%s' is %s: stop it first, or delete --force", c->id,
			    status_word(status));
	return container_create_undo(c);
}

/* The cgroups that the saved config leads to: what a create would have planned. */
static int planned_cgroups(const struct container *c, struct cgroup *ret)
{
	struct loaded in;
	struct plan_options options = { .id = c->id, .bundle = "/", .unconfined = true };
	int r = load_config(c->dir, "config.json", &in.text, &in.config);

	if (r >= 0)
		r = host_read(&in.host);
	if (r >= 0)
		r = plan_make(&in.config, &in.host, &options, &in.plan);
	if (r >= 0)
		cgroup_planned(&in.plan.cgroup, ret);
	return r;
}

int container_delete_damaged(struct container *c)
{
	struct cgroup cgroup = { 0 };
	int r = statedir_lock(c->root, c->id, c->dir, LOCK_TIMEOUT_MS);

	if (r == -ENOENT) /* somebody else has deleted it */
		return 0;
	if (r < 0)
		return fail(-r, "container '%s': cannot be locked", c->id);
	c->locked = true;
	if (record_read(c->dir, c->id, &c->record) >= 0)
		return container_create_undo(
			c); /* the version before knows the cgroups, and all is in them */
	c->record = (struct record){ 0 };
	if (planned_cgroups(c, &cgroup) < 0)
		err_clear(); /* it died before its config was saved, so before it had a cgroup */
	/* of what has those names, ours is what bears the claim of this directory; a copy of it, or
	 * of its record, owns nothing */
	cgroup_note_present(&cgroup);
	cgroup.owner.state = statedir_identity(c->dir);
	r = cgroup_remove(&cgroup, DEATH_TIMEOUT_MS);
	return r < 0 ? r : statedir_remove(c->root, c->id, c->dir);
}
