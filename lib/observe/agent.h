/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor of one container whose denials are explained: it answers each denied call as the
 * profile does, and logs each distinct denial once.
 */
#ifndef OBSERVE_AGENT_H
#define OBSERVE_AGENT_H

#include "base/base.h"
#include "observe/denial.h"

struct agent_options {
	const char *container; /* its id */
	const struct denial_profile *profile;
	int sock; /* listening; gets containerProcessState with a listener (runtime-spec) */
	int init; /* pidfd of the container's init */
	int log;  /* lines of JSON are appended to it; -1: none */
	int text; /* lines for people; -1: none */
};

/*
 * Serves until init has ended and no process has one of the listeners' filters any more. Returns 0,
 * or a reported error. Reporting.
 */
must_check int agent_serve(const struct agent_options *options);

#endif
