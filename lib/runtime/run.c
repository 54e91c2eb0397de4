/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create, start, wait and delete in one process. What must hold: a signal at any time reaches the
 * container or, before its program runs, ends this command with everything undone (interrupt.h;
 * even while a hook hangs). The exit code is that of the program.
 */
#include "runtime/run.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/sys.h"
#include "runtime/container.h"
#include "runtime/create.h"
#include "runtime/delete.h"
#include "runtime/recorded.h"
#include "runtime/relay.h"
#include "runtime/start.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

/*
 * A signal that arrives before the program runs undoes everything. A later one is not forwarded; it
 * ends only this command. While poststart hooks run it ends the hook, which is an error.
 */
static int make_detached(const struct create_options *create, bool starts)
{
	struct container c;
	int r = interrupt_begin(), came;

	if (r < 0)
		return r;
	r = container_create(create, &c);
	bool created = r >= 0;

	if (created && starts)
		r = container_start(&c);
	bool runs = r >= 0 && starts;

	came = runs ? interrupt_end() : interrupt_report();
	r = came < 0 ? came : r;
	if (created && r < 0)
		(void)!container_create_undo(&c);
	interrupt_default();
	if (runs && came > 0)
		(void)raise(came);
	if (runs)
		r = container_start_await_ready(&c);
	if (created)
		container_close(&c);
	return r;
}

int container_run_create(const struct create_options *options)
{
	return make_detached(options, false);
}

/* Starts a created container. */
static int start(struct container *c, struct relay *relay)
{
	relay->pidfd = c->child.pidfd;
	relay->master = take_fd(&c->master);
	relay->sdnotify = take_fd(&c->sdnotify);
	int r = relay->master >= 0 ? relay_begin(relay->master) : 0;

	return r < 0 ? r : container_start(c);
}

/*
 * Runs a container from create to delete. If a signal ended this early, *ret_signal is its number.
 */
static int live(const struct run_options *options, const struct create_options *create,
		struct relay *relay, int *ret_exit, int *ret_signal)
{
	struct container c;
	int r = interrupt_begin();

	if (r < 0)
		return r;
	r = container_create(create, &c);
	bool created = r >= 0;

	if (created)
		r = start(&c, relay);
	int came = interrupt_end();

	if (came && created && r >= 0) { /* it came after the program had begun */
		(void)sys_pidfd_send_signal(relay->pidfd, came);
	} else if (came) { /* an error is then a consequence of the signal */
		*ret_signal = came;
		err_clear();
		r = 0;
	}
	if (!created)
		return r;
	if (r >= 0 && !*ret_signal) {
		container_unlock(&c);
		r = relay_run(relay, ret_exit);
	}
	/* with a PID namespace that it shares, processes of it may go on */
	if (r >= 0 && !*ret_signal && options->keep && c.record.own_pid_namespace)
		recorded_end(&c);
	if (r < 0 || *ret_signal || !options->keep) {
		int d = container_delete(&c, true);

		r = r < 0 ? r : d;
	}
	container_close(&c);
	return r;
}

static int run_foreground(const struct run_options *options, int *ret_exit)
{
	struct relay relay = { -1, -1, -1, -1 };
	int came = 0;
	sigset_t old;

	if (!options->no_subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return fail(errno, "become a child subreaper");
	autofd signals = relay_block(&old);

	if (signals < 0)
		return signals;
	relay.signals = signals;
	int r = live(options, options->create, &relay, ret_exit, &came);

	fd_close(&relay.master);
	fd_close(&relay.sdnotify);
	if (came)
		*ret_exit = 128 + came;
	return r;
}

int container_run(const struct run_options *options, int *ret_exit)
{
	*ret_exit = 0;
	return options->create->detached ? make_detached(options->create, true)
					 : run_foreground(options, ret_exit);
}
