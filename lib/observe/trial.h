/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command under a seccomp filter to see whether it succeeds, and ends everything that it has
 * started. Its standard streams are /dev/null, and it has a session of its own without a
 * terminal.
 */
#ifndef OBSERVE_TRIAL_H
#define OBSERVE_TRIAL_H

#include "seccomp/emit.h"

struct trial {
	const char *file; /* of the program that is executed */
	char **argv;
	const struct bpf_program *filter; /* must allow execve */
	int timeout_ms;			  /* 0: none */
	bool keeps_error;		  /* its standard error is that of the caller */
};

enum trial_end {
	TRIAL_EXIT,
	TRIAL_SIGNAL,
	TRIAL_TIMEOUT,
	TRIAL_NOT_EXECUTED, /* execve(2) failed */
};

struct trial_result {
	enum trial_end end;
	int code;   /* exit code, signal, or errno of execve */
	int64_t ms; /* from the start to the end of the command */
};

/* Whether the command has succeeded: exit code 0, in time. */
bool trial_has_passed(const struct trial_result *result);
/*
 * Runs the command. When it has ended, or its time is over, every process that it has started and
 * that is alive is killed. Without CAP_SYS_ADMIN it runs with no_new_privs. Returns -EINTR if
 * SIGINT, SIGTERM or SIGHUP has arrived meanwhile: everything is ended then, too. Reporting.
 */
must_check int trial_run(const struct trial *t, struct trial_result *ret);

#endif
