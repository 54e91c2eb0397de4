/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's life: created, started, killed, deleted. The facade that cmd/ calls; every
 * function is reporting.
 */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include "base/base.h"
#include "box/child.h"
#include "runtime/record.h"

enum status {
	STATUS_CREATING, /* a create is at work */
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
	STATUS_BROKEN, /* its create died: "stopped" to who asks, only delete works */
	STATUS_GONE,   /* deleted, or its create undone, since it was opened */
};

/* An opened container: its directory and what is written there. */
struct container {
	const char *id;
	int root;     /* --root */
	int dir;      /* its state directory */
	int proc;     /* procfs that create made, kept until there is time to close it; or -1 */
	int sdnotify; /* its NOTIFY_SOCKET, where it is our own child; or -1 */
	bool locked;
	struct record record;
	struct child child; /* init, where it is our own child (create, run) */
	int master;	    /* run in the foreground: of init's terminal, or -1 */
};

#define CONTAINER_NONE                                                                 \
	(struct container)                                                             \
	{                                                                              \
		.root = -1, .dir = -1, .proc = -1, .sdnotify = -1, .child = { 0, -1 }, \
		.master = -1                                                           \
	}

/* What create and run take from the command line. Paths are as the user gave them. */
struct create_options {
	const char *root;
	const char *id;
	const char *bundle;				      /* NULL: "." */
	const char *pid_file, *console_socket, *pidfd_socket; /* NULL: none */
	const char *cgroup_manager;			      /* NULL: cgroupfs */
	struct strings allowed_annotations;		      /* --allow-annotation */
	const char *seccomp; /* --seccomp: NULL, "default", "unconfined" or a file */
	bool seccomp_compat_runc;
	bool no_pivot, no_new_keyring;
	unsigned int preserve_fds;
	bool detached; /* create, run -d */
	bool starts;   /* run: it is started at once */
};

/*
 * Everything up to "created": reads and plans, refuses what can be refused, then acts step
 * by step; a failing step undoes those before it. *ret is open and locked afterwards.
 */
must_check int container_create(const struct create_options *options, struct container *ret);
/* Outcomes of container_open, nothing reported for them. */
enum {
	OPEN_DONE = 0,
	OPEN_ABSENT = 1,  /* no such container; *ret holds nothing */
	OPEN_DAMAGED = 2, /* *ret is open but for its record, which cannot be read */
	/* *ret is open, but there is no record: a create has just begun, a delete is about to end,
	 * or one of both died there. No container, but maybe files to be removed. */
	OPEN_EMPTY = 3,
};
/* Opens and reads the state directory of id below root, without the lock: one of the
 * outcomes, or -errno. Reporting. */
must_check int container_open(const char *root, const char *id, struct container *ret);
/* The same where only a sound container will do: the other outcomes are reported errors
 * ("container does not exist"). */
must_check int container_open_sound(const char *root, const char *id, struct container *ret);
/* Takes the lock, waiting a while for a command that holds it, and reads the record again.
 * -ENOENT: somebody deleted the container meanwhile. -EBUSY: it is still held. */
must_check int container_lock(struct container *c, int timeout_ms);
/* Gives it back, so that others can act while we wait. */
void container_unlock(struct container *c);
/* What the kernel says about it now. Never waits, needs no lock. A record of the time when a
 * create was at work is read again. */
enum status container_status(struct container *c);
const char *status_word(enum status status);
/* Lets a created container's program run; returns when it does (or says why it does not). */
must_check int container_start(struct container *c);
/* Behind it, where a service manager waits for that (NOTIFY_SOCKET), until the program said that
 * it is ready, which is passed on with its pid; or has ended. The lock is given back before. */
must_check int container_start_await_ready(struct container *c);
/* Sends sig to init, or with all to every process of the container. */
must_check int container_kill(struct container *c, int sig, bool all);
/* Freezes a created or running one, or thaws a paused one, with the lock; 10 s at most. */
must_check int container_pause(struct container *c);
must_check int container_resume(struct container *c);
/* Removes what is left of it: the steps of create, undone. force: kills it first, ends a
 * create that is still at work; what somebody else deletes meanwhile is done. */
must_check int container_delete(struct container *c, bool force);
/* Removes what is left of a damaged one: its cgroups by the saved config, its directory. */
must_check int container_delete_damaged(struct container *c);
/* The runtime-spec State of it as JSON; full: with what the `state` command adds. Arena. */
char *container_state(const struct container *c, enum status status, bool full);
/* Closes descriptors (and so drops the lock). */
void container_close(struct container *c);

#endif
