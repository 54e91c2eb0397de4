/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tamis and tamis-systemd say to each other. tamis-systemd is the only program here that
 * speaks D-Bus; it is run when systemd is the cgroup manager, once a command.
 *
 * Standard input is the request, lines of a word and what follows it:
 *
 *   start | update | stop
 *   bus system | user
 *   unit NAME.scope
 *   description TEXT      the mark by which a unit is known to be the container's
 *   slice NAME.slice      of start
 *   property SINCE TYPE NAME VALUE      of start, update; see struct plan_property
 *
 * Descriptor 1 is a socket of base/msg.h, on which one answer goes back: SYSTEMD_DONE with the
 * unit's cgroup (of start; else no text), or SYSTEMD_FAILED with a code and one line. After
 * `start` the process itself is in the scope and holds it there, until it is told to leave or
 * the socket ends: systemd takes an empty scope away.
 */
#ifndef CGROUP_SYSTEMD_H
#define CGROUP_SYSTEMD_H

enum systemd_type {
	SYSTEMD_DONE = 1,
	SYSTEMD_FAILED, /* code: -errno; -ENOTCONN: systemd cannot be reached */
	SYSTEMD_LEAVE,	/* to the process that holds a scope */
};

enum {
	SYSTEMD_REQUEST_MAX = 4 << 20,
	/* How long systemd may take; then tamis-systemd gives up, and a little later tamis. */
	SYSTEMD_DEADLINE_MS = 25000,
	SYSTEMD_ANSWER_MS = 30000,
};

#endif
