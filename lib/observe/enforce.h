/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command under a profile and explains each call that it denies, as for a container whose
 * denials are explained.
 */
#ifndef OBSERVE_ENFORCE_H
#define OBSERVE_ENFORCE_H

#include "observe/recorder.h"

struct denial_profile;

struct enforce {
	const struct denial_profile *profile; /* must allow execve */
	const struct bpf_program *filter;     /* of notifying_make() */
	const char *name;		      /* in the log, where a container has its id */
	int log, text;			      /* lines of JSON, lines for people; -1: none */
};

/*
 * Runs the command until the last of its processes has ended. r needs neither a recording nor a
 * writer. A signal after the end of the command leaves a process behind that goes on for what is
 * still running. Reporting.
 */
must_check int enforce_record(struct recorder *r, const struct enforce *e);

#endif
