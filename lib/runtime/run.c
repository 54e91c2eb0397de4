/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create, start, wait and delete in one process. What must hold: a signal that comes at any
 * time reaches the container or ends us with everything undone; the exit code is the
 * program's.
 */
#include "runtime/run.h"

#include "base/err.h"
#include "base/fd.h"
#include "runtime/container.h"
#include "runtime/lifecycle.h"
#include "runtime/relay.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static int run_detached(const struct create_options *create)
{
	struct container c;
	int r = container_create(create, &c);

	if (r < 0)
		return r;
	r = container_start(&c);
	if (r < 0)
		(void)!create_undo(&c);
	container_close(&c);
	return r;
}

/* Everything between a created container and its end. */
static int start_and_wait(struct container *c, int terminal, struct relay *relay, int *ret_exit)
{
	autofd master = -1;

	if (terminal >= 0) {
		master = relay_receive_master(terminal);
		if (master < 0)
			return master;
	}
	relay->pidfd = c->child.pidfd;
	relay->master = master;
	int r = container_start(c);

	if (r < 0)
		return r;
	container_unlock(c);
	return relay_run(relay, ret_exit);
}

static int run_foreground(const struct run_options *options, int *ret_exit)
{
	struct create_options create = *options->create;
	struct container c;
	struct relay relay = { -1, -1, -1 };
	sigset_t old;
	int pair[2];

	if (!options->no_subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return fail(errno, "subreaper");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(errno, "socket pair");
	autofd ours = pair[0];

	create.terminal = pair[1]; /* container_create takes it over */
	autofd signals = relay_block(&old);

	if (signals < 0)
		return signals;
	relay.signals = signals;
	int r = container_create(&create, &c);

	if (r < 0)
		return r;
	r = start_and_wait(&c, c.record.terminal ? ours : -1, &relay, ret_exit);
	if (r < 0 || !options->keep) {
		int d = container_delete(&c, true);

		r = r < 0 ? r : d;
	}
	container_close(&c);
	return r;
}

int container_run(const struct run_options *options, int *ret_exit)
{
	*ret_exit = 0;
	return options->create->detached ? run_detached(options->create)
					 : run_foreground(options, ret_exit);
}
