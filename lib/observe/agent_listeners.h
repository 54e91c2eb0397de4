/* SPDX-License-Identifier: Apache-2.0 */
/* The listeners that the agent of a node serves, and what the service manager stores of them. */
#ifndef OBSERVE_AGENT_LISTENERS_H
#define OBSERVE_AGENT_LISTENERS_H

#include "base/base.h"
#include "observe/served.h"

struct agent_metrics;
struct manager;
struct manager_given;
struct process_state;
struct strings;
struct text;

struct agent_listeners {
	struct served served;
	/* set before the first use */
	const struct answer_policy *policy; /* of containers that ask for none */
	const struct strings *allowed;	    /* the policies that they may ask for */
	const struct profile_facts *facts;
	struct responder_tools *tools;
	struct seccomp_notif *own_call; /* buffer of listeners without a file */
	struct manager *manager;
	struct agent_metrics *metrics;
	struct line_writer log;
	int epoll;	/* reports the listeners */
	uint64_t event; /* data of such an event; the lower half is the place in `served` */
	/* kept here */
	uint64_t next_number;
};

/* Tells the administrator. message may be NULL. Removes the recorded error. Uses the arena. */
void agent_listeners_complain(const char *about, const char *message);
/*
 * Begins to serve a listener, which it owns from then on, and has the manager store it with the
 * text that `state` is from. Uses the arena.
 */
void agent_listeners_add(struct agent_listeners *a, const struct process_state *state, int listener,
			 const struct text *text);
/* Serves the listeners that the manager has stored, and makes it forget what is over. */
void agent_listeners_restore(struct agent_listeners *a, struct manager_given *given,
			     size_t n_given);
/* Handles what epoll(7) reports about the listener at that place: answers one call at most. */
void agent_listeners_handle(struct agent_listeners *a, size_t place, uint32_t events);

#endif
