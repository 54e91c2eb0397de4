/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the enforcement of a profile without a container. Every denied call gets the answer of the
 * profile. If this process dies the command is killed with it, and what it has started gets ENOSYS
 * for denied calls.
 */
#include "observe/enforce.h"

#include "base/fd.h"
#include "observe/responder.h"

#include <stdlib.h>
#include <unistd.h>

struct watch {
	const struct enforce *o;
	struct recorder *recorder;
	struct responder_tools tools;
	struct responder responder;
	struct line_writer log, text;
	int listener;
};

/* Far too large for a stack. */
static struct watch watch;

/* Until no process has the filter, or a signal arrives after the end of the command. */
static int serve(struct watch *w)
{
	const struct responder_rules rules = { .profile = w->o->profile };
	struct pollfd fds[3] = { { w->listener, POLLIN, 0 } };
	bool is_alive = true;
	int ret = 0, tick = -1;

	while (ret >= 0 && (is_alive || !w->recorder->has_ended) && !w->recorder->is_due) {
		ret = recorder_wait(w->recorder, fds, 1, tick);
		if (ret >= 0 && fds[0].revents & POLLIN)
			is_alive = responder_handle(&w->responder, &w->tools, w->listener,
						    &rules) >= 0;
		else if (fds[0].revents & (POLLHUP | POLLERR))
			is_alive = false;
		if (!is_alive)
			fds[0].fd = -1;
		tick = responder_tick(&w->responder);
	}
	return ret;
}

static void end(struct watch *w)
{
	responder_tools_stop(&w->tools);
	responder_end(&w->responder, true);
	responder_summarise(&w->responder);
}

/* Nobody waits for the process that goes on, so it holds no terminal and no pipe. */
static bool detach(struct watch *w)
{
	w->text = line_writer(-1);
	return setsid() >= 0 && fd_null_standard(STDERR_FILENO) == 0;
}

static void leave_watching(struct watch *w)
{
	responder_tools_stop(&w->tools);
	if (fork() != 0)
		return;
	w->recorder->is_due = false;
	if (!detach(w) || responder_tools_start(&w->tools) < 0 || serve(w) < 0)
		_exit(EXIT_FAILURE);
	end(w);
	_exit(EXIT_SUCCESS);
}

int enforce_record(struct recorder *r, const struct enforce *e)
{
	struct watch *w = &watch;
	int ret;

	*w = (struct watch){ .o = e,
			     .recorder = r,
			     .tools = { .is_exact = true, .patience_ms = RESPONDER_PATIENCE_MS } };
	r->starts_by_exec = true;
	ret = recorder_prepare(r);
	if (ret >= 0)
		ret = w->listener = recorder_start(r, e->filter);
	if (ret >= 0)
		ret = responder_tools_start(&w->tools);
	if (ret < 0) {
		recorder_abandon(r);
		return ret;
	}
	listener_hurry(w->listener);
	w->log = line_writer(e->log);
	w->text = line_writer(e->text);
	responder_start(&w->responder, e->name, &w->log, &w->text);
	ret = serve(w);
	if (ret >= 0 && r->is_due)
		leave_watching(w);
	else
		end(w);
	return ret < 0 ? ret : recorder_finish(r);
}
