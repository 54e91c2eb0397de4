/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The containers that tamis-agent serves as the agent of a node, and their listeners. A container
 * may have several listeners: each process that `exec` makes has one of its own. A container of
 * which no listener is left stays known for a while, for the metrics.
 */
#ifndef OBSERVE_SERVED_H
#define OBSERVE_SERVED_H

#include "base/arena.h"
#include "base/base.h"
#include "observe/answer_policy.h"
#include "observe/kept_listener.h"
#include "observe/profile_pool.h"
#include "observe/responder.h"

enum {
	SERVED_LISTENERS_MAX = 4096,
	SERVED_CONTAINERS_MAX = 1024,
	SERVED_ENDED_MAX = 64, /* of them, those without a listener */
	SERVED_ENDED_MS = 300 * 1000,
	SERVED_WORDS = 32, /* of a policy */
};

struct served_container {
	struct arena arena; /* has this struct, too */
	struct responder responder;
	size_t n_listeners;
	int64_t ended; /* sys_now_ms(), if there is no listener */
};

struct served_listener {
	int fd;		 /* -1: this place is free */
	uint64_t number; /* of its name in the manager's store */
	struct kept_listener kept;
	struct served_container *container;
	struct pooled_profile *profile;
	uint32_t answer; /* of the policy */
	char words[SERVED_WORDS];
};

struct served {
	size_t n_containers, n_ended, n_listeners;
	uint64_t n_containers_ever;
	struct profile_pool pool;
	struct served_container *containers[SERVED_CONTAINERS_MAX];
	struct served_listener listeners[SERVED_LISTENERS_MAX];
};

/* Begins with nothing. */
void served_start(struct served *s);
/*
 * Adds a listener, which it owns from then on, of the container with this id. log: as for
 * responder_start(). Returns it, or NULL if there are too many.
 */
struct served_listener *served_add(struct served *s, const char *id, struct line_writer *log,
				   int listener);
/* Ends a listener, and with the last one its container: the last counts are written. */
void served_drop(struct served *s, struct served_listener *l);
/* Forgets containers that ended long ago, or, if there are too many, the oldest. */
void served_forget_ended(struct served *s);

#endif
