/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explained denials: runs tamis-agent, the supervisor that answers and logs the calls that a
 * container's profile denies.
 */
#ifndef RUNTIME_DENIALS_H
#define RUNTIME_DENIALS_H

#include "base/base.h"

struct container;
struct loaded;

/* The descriptors that tamis-agent has, and its arguments. */
enum denials_descriptor {
	DENIALS_SOCKET,	 /* listening, bound in the state directory */
	DENIALS_LOG,	 /* the log of denials, opened for appending */
	DENIALS_STDERR,	 /* of the caller if it waits in the foreground, else /dev/null */
	DENIALS_PROGRAM, /* the filter of the profile */
	DENIALS_PROFILE, /* the text of the profile; empty: the built-in one */
	DENIALS_INIT,	 /* pidfd of the container's init */
	DENIALS_DESCRIPTORS,
};
enum denials_argument {
	DENIALS_ID = 1, /* of the container */
	DENIALS_NAME,	/* of the profile, for messages */
	DENIALS_CAPS,	/* bounding set, in hexadecimal */
	DENIALS_COMPAT, /* "runc" with --seccomp-compat=runc */
	DENIALS_TEXT,	/* "text": write lines for people, too */
	DENIALS_ARGS,
};

enum { DENIALS_PROFILE_MAX = 16 << 20 };

/*
 * Checks what denials_start() needs, before anything is made: the program, the log, and that no
 * other seccomp listener is in force here. Reporting.
 */
must_check int denials_check(struct loaded *in);
/*
 * Whether this process can make a container whose denials are explained: -EBUSY if it has a filter
 * with a listener already, or another -errno. Makes a process. Silent.
 */
must_check int denials_probe(void);
/* Returns the path of the agent's socket in the state directory of a container. In the arena. */
const char *denials_socket(const char *root, const char *id);
/*
 * Returns the log of denials of the container, absolute or a name in its state directory, or NULL
 * if its denials are not explained.
 */
const char *denials_log_of(const struct container *c);
/*
 * Returns, for messages, what names the socket that the listener of the container's filter is sent
 * to: an option, or a property of the config.
 */
const char *denials_socket_word(const struct container *c);
/* Starts the agent for the container's init and stores who it is in the record. Reporting. */
must_check int denials_start(const struct loaded *in, struct container *c, bool foreground);
/*
 * Whether denials of the container were explained, but its agent was killed. Then the kernel
 * answers denied calls with ENOSYS. Warns in that case.
 */
bool denials_lost_agent(const struct container *c);
/*
 * Kills the agent, if there is one, with a warning. For a container whose processes do not end
 * after SIGKILL: an agent that is stopped while it gives an answer does not reap the thread that it
 * traces.
 */
void denials_kill(const struct container *c);
/* Waits for the end of the agent, which ends when init has ended. Ends it after some seconds. */
void denials_end(struct container *c);

#endif
