/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the removal of a container in whatever state a crash left it: the steps of create are undone
 * from the record. What must hold: 0 means that nothing is left. A process that cannot be ended, or
 * a cgroup that cannot be removed, is an error, and the record stays for the next attempt.
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

/*
 * For delete --force during a create: kills the creator, whose end makes init end and releases the
 * lock.
 */
static int end_creator(struct container *c)
{
	const struct record *r = &c->record;
	autofd pidfd = identity_open((pid_t)r->creator_pid, r->creator_start, r->boot_id);

	if (pidfd < 0) /* gone; or unknown, and then the lock tells whether it is at work */
		return 0;
	if (sys_pidfd_send_signal(pidfd, SIGKILL) < 0 && errno != ESRCH)
		return fail(errno, "container '%s': end its create", c->id);
	if (identity_wait(pidfd, DEATH_TIMEOUT_MS) < 0)
		return fail(0, "container '%s': its create is still running after SIGKILL", c->id);
	return 0;
}

/* Ends the command that holds the lock: SIGTERM, so that it can end its hooks, then SIGKILL. */
static int end_holder(struct container *c)
{
	autofd pidfd = holder_open(c->dir);

	if (pidfd == -ESRCH) /* it has released the lock */
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
		return fail(0,
			    "container '%s': the command that holds its lock is still running "
			    "after SIGKILL",
			    c->id);
	return 0;
}

/*
 * Takes the lock even if another command holds it. The container is killed first, which ends a
 * command that waits for it (a `start` that runs startContainer hooks). After some time the command
 * is ended, too (a `start` whose poststart hook hangs).
 */
static int lock_by_force(struct container *c)
{
	int r = container_lock(c, 0);

	if (r != -EBUSY)
		return r;
	err_clear();
	if (container_end(c) < 0) /* container_create_undo() tries again and reports the error */
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
			    names_of(state_status_names, status));
	return container_create_undo(c);
}

/* Determines the cgroups from the saved config: those that a create would have planned. */
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
		cgroup_planned(&in.plan->cgroup, ret);
	return r;
}

int container_delete_damaged(struct container *c)
{
	struct cgroup cgroup = { 0 };
	int r = statedir_lock(c->root, c->id, c->dir, LOCK_TIMEOUT_MS);

	if (r == -ENOENT) /* another command has deleted it */
		return 0;
	if (r < 0)
		return fail(-r, "container '%s': cannot be locked", c->id);
	c->locked = true;
	if (record_read(c->dir, c->id, &c->record) >= 0)
		return container_create_undo(
			/*
			 * the previous version of the record names the cgroups, which contain all
			 * processes
			 */
			c);
	c->record = (struct record){ 0 };
	if (planned_cgroups(c, &cgroup) < 0)
		/* the create died before it saved its config, so before it had a cgroup */
		err_clear();
	/*
	 * Of the cgroups with those names only those with the claim of this directory are ours. A
	 * copy of the directory or of its record owns nothing.
	 */
	cgroup_note_present(&cgroup);
	cgroup.owner.state = statedir_identity(c->dir);
	r = cgroup_remove(&cgroup, DEATH_TIMEOUT_MS);
	return r < 0 ? r : statedir_remove(c->root, c->id, c->dir);
}
