/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts a created container and runs the hooks around that. What must hold: 0 means that the
 * container's program runs. poststart hooks run after that, never before.
 */
#include "runtime/start.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/interrupt.h"
#include "base/num.h"
#include "channel/start.h"
#include "oci/jsonw.h"
#include "runtime/connect.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/end.h"
#include "runtime/exec.h"
#include "runtime/hooks.h"
#include "runtime/load.h"
#include "runtime/sdnotify.h"
#include "runtime/state.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int check_startable(struct container *c)
{
	enum status status = container_status(c);

	if (status == STATUS_CREATED)
		return 0;
	if (status >= STATUS_STOPPED)
		return fail(0, "container '%s' has stopped: it cannot be started again", c->id);
	return fail(0, "container '%s' is %s, expected created", c->id,
		    names_of(state_status_names, status));
}

/* Returns a pidfd of init if the container waits to be started. Reporting. */
static int open_startable(struct container *c)
{
	const struct record *r = &c->record;
	int e = c->locked ? 0 : container_lock(c, LOCK_TIMEOUT_MS);

	if (e >= 0)
		e = check_startable(c);
	if (e < 0)
		return e;
	int pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (pidfd == -ESRCH)
		return fail(0, "container '%s' has stopped: it cannot be started", c->id);
	return pidfd < 0 ? fail(-pidfd, "container '%s': init", c->id) : pidfd;
}

/*
 * runtime-spec, lifecycle 10: a failing hook is an error, and the container is stopped. The same
 * applies if a signal ends a hook that hangs. If the caller made the container, the caller handles
 * signals.
 */
static int run_poststart(struct container *c, bool fresh)
{
	int r = fresh ? 0 : interrupt_begin();

	if (r >= 0)
		r = container_hooks(c, HOOK_POSTSTART, STATUS_RUNNING);
	int came = fresh ? 0 : interrupt_report();

	r = came < 0 ? came : r;
	if (r < 0)
		(void)!container_end(c);
	if (!fresh)
		interrupt_default();
	return r;
}

int container_start(struct container *c)
{
	const struct record *r = &c->record;
	/*
	 * Our own child, locked since it was made, so no other command can have started or paused
	 * it.
	 */
	bool fresh = c->locked && c->child.pidfd >= 0;
	autofd opened = fresh ? -1 : open_startable(c), agent = -1;
	int e;

	if (!fresh && opened < 0)
		return opened;
	struct start_request request = {
		.statedir = c->dir,
		.pidfd = fresh ? c->child.pidfd : opened,
		.agent = r->user_notif ? &agent : NULL,
		.process_state = r->user_notif ? container_state_of_process(c, STATUS_CREATING,
									    (pid_t)r->pid)
					       : NULL,
		.timeout_ms = LOCK_TIMEOUT_MS,
		.program = r->program,
		.sdnotify = sdnotify_host() ? &c->sdnotify : NULL,
		.closing = &c->proc,
	};

	if (r->user_notif &&
	    (e = connect_socket(denials_socket_word(c), r->listener_path, &agent)) < 0)
		return e;
	e = r->start_hooks ? container_hooks_start(c) : 0;
	if (e < 0) { /* runtime-spec, lifecycle 8: an error, and the container is stopped */
		(void)!container_end(c);
		return e;
	}
	e = start_go(&request);
	interrupt_watch(INTERRUPT_INIT, -1);
	return e < 0 || !r->poststart ? e : run_poststart(c, fresh);
}

int container_start_await_ready(struct container *c)
{
	const struct record *rec = &c->record;

	if (c->sdnotify < 0)
		return 0;
	container_unlock(c);
	autofd pidfd = identity_open((pid_t)rec->pid, rec->start_time, rec->boot_id);

	return pidfd < 0 ? 0 : sdnotify_await(c->sdnotify, pidfd, (pid_t)rec->pid);
}
