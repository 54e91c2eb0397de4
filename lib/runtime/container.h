/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An opened container: its state directory, its record and its lock. All reporting. Example:
 *
 *     struct container c;
 *     int r = container_open_sound(root, id, &c);
 *
 *     if (r >= 0)
 *             r = container_lock(&c, LOCK_TIMEOUT_MS);
 *     if (r >= 0)
 *             r = container_pause(&c);
 *     container_close(&c);
 */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include "base/base.h"
#include "channel/child.h"
#include "oci/state.h"
#include "runtime/record.h"

/* An opened container: its directory and the contents of its record. */
struct container {
	const char *id;
	int root;     /* the directory --root */
	int dir;      /* its state directory */
	int proc;     /* procfs of the create, kept open until there is time to close it; or -1 */
	int sdnotify; /* its notify socket, if init is our child; or -1 */
	bool locked;
	struct record record;
	struct child child; /* init, if it is our child (create, run) */
	int master;	    /* run in the foreground: master of init's terminal, or -1 */
};

#define CONTAINER_NONE                                                                 \
	(struct container)                                                             \
	{                                                                              \
		.root = -1, .dir = -1, .proc = -1, .sdnotify = -1, .child = { 0, -1 }, \
		.master = -1                                                           \
	}

/* Command line of create and run. Paths are as the user gave them. */
struct create_options {
	const char *root;
	const char *id;
	const char *bundle;				      /* NULL: "." */
	const char *pid_file, *console_socket, *pidfd_socket; /* NULL: none */
	const char *cgroup_manager;			      /* NULL: cgroupfs */
	struct strings allowed_annotations;		      /* --allow-annotation */
	const char *seccomp; /* NULL, "default", "unconfined" or the path of a profile */
	bool seccomp_compat_runc;
	const char *explain_denials; /* the log; "": in the state directory; NULL: not explained */
	const char *record;	     /* file of the recording; NULL: it is not recorded */
	const char *self;	     /* argv[0] of this program */
	bool no_pivot, no_new_keyring;
	unsigned int preserve_fds;
	bool detached; /* create, or run -d */
	bool starts;   /* run: the container is started immediately */
};
/* Results of container_open(). They are not errors, so nothing is recorded. */
enum {
	OPEN_DONE = 0,
	OPEN_ABSENT = 1,  /* no such container; *ret holds nothing */
	OPEN_DAMAGED = 2, /* *ret is open except for its record, which cannot be read */
	/*
	 * *ret is open but there is no record: a create has just begun, a delete is about to end,
	 * or one of them was killed at that point. There is no container, but there may be files to
	 * remove.
	 */
	OPEN_EMPTY = 3,
};
/*
 * Opens and reads the state directory of id below root, without the lock. Returns one of the
 * results above, or -errno.
 */
must_check int container_open(const char *root, const char *id, struct container *ret);
/* As container_open(), but the other results are errors, too ("container does not exist"). */
must_check int container_open_sound(const char *root, const char *id, struct container *ret);
/*
 * Takes the lock, waiting at most timeout_ms for a command that holds it, and reads the record
 * again. Returns -ENOENT if the container was deleted in the meantime, -EBUSY if the lock is still
 * held.
 */
must_check int container_lock(struct container *c, int timeout_ms);
/* Releases the lock, so that other commands can act on the container. */
void container_unlock(struct container *c);
/* Closes all descriptors, which also releases the lock. */
void container_close(struct container *c);

#endif
