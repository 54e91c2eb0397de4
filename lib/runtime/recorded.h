/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded containers: runs tamis-record, which writes the system calls of a container's processes
 * to a file. With what it is run, and what it answers.
 */
#ifndef RUNTIME_RECORDED_H
#define RUNTIME_RECORDED_H

#include "base/base.h"

struct container;
struct loaded;

/* The descriptors that tamis-record has when tamis runs it, and its arguments. */
enum recorded_descriptor {
	RECORDED_ANSWER, /* a socket: one message of enum recorded_answer when it is ready */
	RECORDED_SOCKET, /* listening, bound in the state directory: processes of exec */
	RECORDED_INIT,	 /* pidfd of the container's init; with RECORDED_CHECK /dev/null */
	RECORDED_DESCRIPTORS,
};
enum recorded_argument {
	RECORDED_ID = 1, /* of the container */
	RECORDED_FILE,	 /* absolute path of the recording */
	RECORDED_IMAGE,	 /* its name, or "" */
	RECORDED_PHASE,	 /* "check": only say whether the file can be written; or "record" */
	RECORDED_COMMAND /* process.args, to the end */
};
/* Types of messages. The text of RECORDED_FAILED says why. */
enum recorded_answer { RECORDED_READY = 1, RECORDED_FAILED };
/* A message to RECORDED_SOCKET: record what the process of the pidfd makes, from an execve on. */
enum { RECORDED_FOLLOW = 3 };

/*
 * Checks what recorded_start() needs, before anything is made: the program, that it can record
 * here, and the file. Reporting.
 */
must_check int recorded_check(struct loaded *in);
/*
 * Starts to record the container's init, from its execve on, and stores who does it in the record.
 * Reporting.
 */
must_check int recorded_start(const struct loaded *in, struct container *c);
/*
 * Has a process of `exec` recorded, which is about to execute its program or to make the one that
 * does. If the recorder was killed the process runs unrecorded, with a warning. Reporting.
 */
must_check int recorded_add(const struct container *c, int pidfd);
/* Waits until the recording of a container is complete, all processes of which have ended. */
void recorded_end(const struct container *c);

#endif
