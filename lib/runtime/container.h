/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An opened container: its state directory, the record in there, the lock. Every function is
 * reporting.
 */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include "base/base.h"
#include "channel/child.h"
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
/* Closes descriptors (and so drops the lock). */
void container_close(struct container *c);

#endif
