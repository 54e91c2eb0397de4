/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start channel, both ends: a page that the process which becomes the user's program shares
 * with the command that waits for it, and a descriptor that execve(2) closes.
 *
 * init: the page is the file "start.page" of the state directory. The descriptor is the FIFO
 * "start.fifo", which init holds open for writing, close-on-exec. So the FIFO has a writer exactly
 * as long as the container waits to be started. `start` sets page.go, wakes init (futex(2)) and
 * waits until the FIFO has no writer.
 *
 * exec: the page is anonymous memory, and the descriptor is the sync socket.
 *
 * Once the filter is loaded the process makes no system call to report what happened. It stores its
 * stage in the page: START_EXECING before execve(2), or START_FAILED with the errno when a call
 * failed. A hang-up of the descriptor means that execve(2) closed it or that the process ended. The
 * page tells which. The container may be able to write to the page, so its contents are used as
 * numbers only.
 */
#ifndef CHANNEL_START_H
#define CHANNEL_START_H

#include "base/base.h"

#include <sys/types.h>

struct child;

/*
 * Task name of init until execve(2). Tools that record profiles (security-profiles-operator,
 * Inspektor Gadget) ignore what a task of this name does.
 */
#define START_COMM "runc:[2:INIT]"

enum start_stage {
	START_SETUP,	/* not ready yet */
	START_CLONING,	/* making the process that is in the joined PID namespace */
	START_SESSION,	/* setsid(2) */
	START_TERMINAL, /* TIOCSCTTY */
	START_WAITING,	/* waiting for page.go */
	START_LIMITS,	/* setting process.rlimits */
	START_LOADING,	/* loading the filter */
	/* filter loaded, page.listener is its descriptor; waiting for page.verdict */
	START_LISTENER,
	START_EXECING,
	START_FAILED, /* page.stage_failed is the stage, page.error the errno */
};

enum start_verdict { START_HOLD, START_RUN, START_GIVE_UP };

struct start_page { /* members are accessed with __atomic builtins */
	uint32_t stage;
	uint32_t stage_failed; /* the stage that failed */
	int32_t error;
	int32_t listener;
	int32_t sdnotify; /* init's descriptor of the notify socket, or -1 */
	uint32_t go;	  /* enum start_verdict: HOLD until `start` sets it */
	uint32_t verdict; /* enum start_verdict about the listener */
	/* the clone in the joined PID namespace, in the PID namespace of its maker (clone(2)) */
	pid_t pid;
};

/* Makes an anonymous page that children share. Reporting. */
must_check int start_page_make(struct start_page **ret);
/*
 * Makes the page and the FIFO in the state directory. *ret_fifo is the descriptor that init holds.
 * Reporting.
 */
must_check int start_make(int statedir, struct start_page **ret, int *ret_fifo);
/*
 * Returns 1 if init waits to be started, 0 if it was started or has ended, or -errno. Never blocks.
 * Silent.
 */
must_check int start_is_waiting(int statedir);

struct start_request {
	int statedir;
	int pidfd; /* of init */
	/* socket connected to the seccomp agent, which gets the listener; NULL: no listener */
	int *agent;
	const char *process_state; /* containerProcessState for the seccomp agent, as JSON */
	int timeout_ms;		   /* until the program runs */
	const char *program;	   /* argv[0], for messages */
	int *sdnotify;		   /* receives the notify socket if there is one; or NULL */
	/*
	 * Descriptor to close after START_RUN, when init has work to do; or NULL. The last close of
	 * a detached mount waits for an RCU grace period.
	 */
	int *closing;
};

/*
 * Tells init to continue and waits until the program runs. Returns 0, or an error that says why it
 * does not run, with the words of words.h if the cause is the user's program. Always returns. Init
 * is continued if a process in its PID namespace stopped it; if it has ended, or stays frozen or
 * traced, that is an error. If it succeeds, INTERRUPT_INIT is not watched any more. Reporting.
 */
must_check int start_go(const struct start_request *request);

/*
 * As start_go(), for `exec`, where nothing has to be told to continue. `page` was made by
 * start_page_make() before the process, and execve(2) closes the other end of `conn`.
 * request->statedir is not used. Reporting.
 */
must_check int start_follow(const struct start_request *request, int conn, struct start_page *page);

/*
 * If the page says that a stage failed, reports the error and returns -errno; else returns 0.
 * program is as in the request. Reporting.
 */
must_check int start_failure(const struct start_page *page, const char *program);
/*
 * Whether the process has called execve(2) since it was made. The kernel is asked, because a
 * container that has obtained the FIFO (by /proc/PID/fd of init) can keep it open. Returns false if
 * this cannot be determined. Silent.
 */
must_check bool start_has_executed(int pidfd);
/*
 * Continues the process if it is stopped: others in its PID namespace may send SIGSTOP. Sets
 * *ret_traced if a tracer holds it. Silent.
 */
void start_continue(int pidfd, bool *ret_traced);

#endif
