/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between tamis and tamis-systemd. tamis-systemd is the only program here that speaks
 * D-Bus. It is executed once per command if systemd is the cgroup manager.
 *
 * Standard input is the request: lines of a word and its arguments.
 *
 *   start | update | stop
 *   bus system | user
 *   unit NAME.scope
 *   description TEXT      the mark that identifies the unit as the container's
 *   slice NAME.slice      with start
 *   property SINCE TYPE NAME VALUE      with start and update; see struct plan_property
 *
 * Descriptor 1 is a socket (base/msg.h) for one answer: SYSTEMD_DONE with the unit's cgroup (with
 * start, else without text), or SYSTEMD_FAILED with a code and one line of text. After `start` the
 * process itself is in the scope and keeps it alive, because systemd removes an empty scope. It
 * leaves on SYSTEMD_LEAVE or at end of file on the socket.
 */
#ifndef CGROUP_SYSTEMD_H
#define CGROUP_SYSTEMD_H

#include "base/base.h"

struct msg;
struct scope_keeper;
struct text;

enum systemd_type {
	SYSTEMD_DONE = 1,
	SYSTEMD_FAILED, /* code: -errno; -ENOTCONN: systemd cannot be reached */
	SYSTEMD_LEAVE,	/* sent to the process that keeps a scope alive */
};

enum {
	SYSTEMD_REQUEST_MAX = 4 << 20,
	/* Time for systemd. tamis-systemd gives up first, tamis a little later. */
	SYSTEMD_DEADLINE_MS = 25000,
	SYSTEMD_ANSWER_MS = 30000,
};

/* What follows is tamis's side. Only lib/cgroup calls it. */

/* Runs tamis-systemd with the request; it dies with us. user: it will want the user's bus.
 * -ENOTCONN if it is not installed. Reporting. */
must_check int systemd_run(const struct text *request, bool user, struct scope_keeper *ret);
/* Waits for its answer, SYSTEMD_ANSWER_MS at most: its pid; what it failed with is reported.
 * Reporting. */
must_check int systemd_answer(const struct scope_keeper *keeper, struct msg *ret);
/* Waits for its end and closes what the keeper has; -ETIMEDOUT: it is still there, and nothing is
 * closed. Silent. */
must_check int systemd_await_end(struct scope_keeper *keeper, int timeout_ms);

#endif
