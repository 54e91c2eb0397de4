/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and records its system calls: what the engines have in common. The command gets
 * the terminal, the signals and the descriptors that it would have without a recorder.
 */
#ifndef OBSERVE_RECORDER_H
#define OBSERVE_RECORDER_H

#include "base/base.h"
#include "observe/recording.h"

#include <poll.h>
#include <signal.h>
#include <sys/types.h>

struct bpf_program; /* seccomp/emit.h */

struct recorder {
	/* given by the caller */
	const char *file; /* of the program that is executed */
	char **argv;
	struct recording *recording;
	struct recording_writer *writer; /* NULL: nothing is recorded */
	struct recording_run *run;
	const struct recording *before;		    /* what the file said already; NULL: nothing */
	void (*progress)(const struct recorder *r); /* once a second; NULL: none */
	/* the filter allows execve, by which its load is known, and need not allow write(2) */
	bool starts_by_exec;
	/*
	 * without a filter: called in the process of the command before its execve(2), with the
	 * memory and the descriptors of the recorder. Reporting.
	 */
	int (*join)(void *ctx);
	void *join_ctx;
	/* the state, for engines and progress */
	pid_t pid;
	bool has_ended; /* the command; processes that it has left may be alive */
	int exec_error; /* why it could not be executed; 0: it was */
	/* SIGINT or SIGTERM arrived after the end of the command, or there is none: stop recording
	 */
	bool is_due;
	int64_t start_ms;
	/* private */
	int pidfd, signals, ready[2];
	sigset_t old_mask;
	sighandler_t old_xfsz;
	struct recorder_page *page;
	int64_t next_ms;
};

/*
 * Makes the process of the command. Without a filter it calls `join`, and has executed the command
 * then, or has failed to (recorder_finish()). With one it loads it and stands in execve(2), which
 * the filter must notify; the listener is returned, and the filter must allow write(2) to
 * descriptor recorder_ready_fd() from recorder_ready_address(). If starts_by_exec is set it has
 * executed the command already, or has failed to. Reporting.
 */
must_check int recorder_start(struct recorder *r, const struct bpf_program *filter);
/* Prepares recorder_start(): what the filter must be made of. Reporting. */
must_check int recorder_prepare(struct recorder *r);
/*
 * In place of recorder_start(): there is no command. SIGINT, SIGTERM or SIGHUP ends the recording.
 * Reporting.
 */
must_check int recorder_attend(struct recorder *r);
int recorder_ready_fd(const struct recorder *r); /* Silent. */
uint64_t recorder_ready_address(const struct recorder *r);
/*
 * Waits for the events of n descriptors, at most timeout_ms. Meanwhile passes signals on, writes
 * what is new once a second, and notes the end of the command. fds needs room for two more.
 * Reporting.
 */
must_check int recorder_wait(struct recorder *r, struct pollfd *fds, size_t n, int timeout_ms);
/* Kills the command after a failure. */
void recorder_abandon(struct recorder *r);
/*
 * Notes in the run how the command has ended, which must have been noticed. Reporting: it could not
 * be executed.
 */
must_check int recorder_finish(struct recorder *r);

#endif
