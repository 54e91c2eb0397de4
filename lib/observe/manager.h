/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service manager's side of a service (sd_notify(3), sd_listen_fds(3)): readiness, the
 * watchdog, sockets, and its store of file descriptors, which keeps them while the service is
 * restarted. Without a manager the functions do nothing. Example:
 *
 *	manager_open(&manager);
 *	n = manager_inherited(&manager, &given);
 *	...
 *	manager_tell(&manager, "READY=1");
 *	r = manager_store(&manager, "7.web", fds, 2);
 */
#ifndef OBSERVE_MANAGER_H
#define OBSERVE_MANAGER_H

#include "base/base.h"

struct manager {
	const char *address; /* NOTIFY_SOCKET; NULL: there is no manager */
	int sock;
	int watchdog_ms; /* the time within which it wants to hear of us; 0: it does not */
};

struct manager_given {
	int fd;
	const char *name; /* "" if it has none */
};

/* Reads the environment, whose strings must stay. Reporting. */
must_check int manager_open(struct manager *m);
/*
 * Takes the descriptors that the manager has passed; they become close-on-exec and belong to the
 * caller. Closes all others but the standard streams, so call it before anything is opened. Returns
 * their number and an array in the arena.
 */
size_t manager_inherited(struct manager_given **ret);
/* Takes the first socket that listens out of them; -1: there is none. Silent. */
int manager_find_socket(struct manager_given *given, size_t n);
/* Sends a message. Returns 0 or -errno. Silent. */
int manager_tell(const struct manager *m, const char *text);
/* Has the manager keep copies of n descriptors under a name without ':'. 0 or -errno. Silent. */
must_check int manager_store(const struct manager *m, const char *name, const int *fds, size_t n);
/* Makes it forget all descriptors of that name. */
void manager_forget(const struct manager *m, const char *name);

#endif
