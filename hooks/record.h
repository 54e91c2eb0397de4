/* SPDX-License-Identifier: Apache-2.0 */
/* The recording of one container, from the execve of its init to the end of its last process. */
#ifndef HOOKS_RECORD_H
#define HOOKS_RECORD_H

#include "observe/recording.h"

struct record_job {
	const char *id;
	/* of the recording, or a directory for the file ID.rec; NULL: it is kept in memory */
	const char *file;
	const char *image; /* NULL: not known */
	const struct strings *command;
	int init; /* pidfd */
	int sock; /* listening: further processes are announced there; -1: none */
};

/* Tries whether this process could record, and into the file, and leaves no trace. Reporting. */
must_check int record_check(const struct record_job *job);
/*
 * Opens the file, attaches to the container's init and begins the recording, which fills *recording
 * (kept). From then on no call of its program is missed. Reporting.
 */
must_check int record_begin(const struct record_job *job, struct recording *recording);
/* Records until the container's last process has ended, or a signal. Reporting. */
must_check int record_run(const struct record_job *job);
/* Tells the system's log the error that was reported: nobody else listens when a recording ends. */
void record_log_error(const struct record_job *job);
/* After record_run(): whether the container's init has executed its program. */
bool record_has_begun(void);

#endif
