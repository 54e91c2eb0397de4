/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start channel, both ends: a page that the process which becomes the user's program shares
 * with the command that waits for it, and a descriptor that execve(2) closes.
 *
 * init: the page is the file "start.page" of the state directory, the descriptor the FIFO
 * "start.fifo", which init holds open for writing and close-on-exec. So whether it has a writer
 * *is* whether the container still waits to be started. `start` sets page.go, wakes init
 * (futex(2)) and waits until the FIFO has no writer.
 *
 * exec: an anonymous page, and the sync socket.
 *
 * Behind its filter the process makes no system call to tell what happened: it stores its stage;
 * EXECING is stored before execve, errno and FAILED when a call failed. The hang-up of the
 * descriptor is the kernel's word that execve closed it, or that the process ended: the page
 * tells which. What the page says is never trusted further than a number: who may trace the
 * process can write to it.
 */
#ifndef CHANNEL_START_H
#define CHANNEL_START_H

#include "base/base.h"

#include <sys/types.h>

struct child;

/* The name that init goes by until execve: recorders of profiles (security-profiles-operator,
 * Inspektor Gadget) pass over what a task of this name does. */
#define START_COMM "runc:[2:INIT]"

enum start_stage {
	START_SETUP,	/* not yet ready */
	START_CLONING,	/* the process that is seen in its PID namespace is made */
	START_SESSION,	/* setsid(2) */
	START_TERMINAL, /* TIOCSCTTY */
	START_WAITING,	/* for page.go */
	START_LIMITS,	/* process.rlimits */
	START_LOADING,	/* the filter is being loaded */
	START_LISTENER, /* loaded; page.listener holds the descriptor; waits for page.verdict */
	START_EXECING,
	START_FAILED, /* page.stage_failed says where, page.error the errno */
};

enum start_verdict { START_HOLD, START_RUN, START_GIVE_UP };

struct start_page { /* members are accessed with __atomic builtins */
	uint32_t stage;
	uint32_t stage_failed; /* the stage in which FAILED came up */
	int32_t error;
	int32_t listener;
	int32_t sdnotify; /* init's descriptor of the socket of NOTIFY_SOCKET, or -1 */
	uint32_t go;	  /* enum start_verdict: HOLD until `start` */
	uint32_t verdict; /* enum start_verdict: of the listener */
	pid_t pid;	  /* of the clone that is seen inside, as its maker sees it (clone(2)) */
};

/* An anonymous page that children share. Reporting. */
must_check int start_page_make(struct start_page **ret);
/* Makes the page and the FIFO in the state directory; *ret_fifo is init's descriptor of it.
 * Reporting. */
must_check int start_make(int statedir, struct start_page **ret, int *ret_fifo);
/* 1: init waits there; 0: nobody does (started, or dead); -errno. Never blocks. Silent. */
must_check int start_is_waiting(int statedir);

struct start_request {
	int statedir;
	int pidfd;  /* init */
	int *agent; /* connected to the seccomp agent, which gets the listener; NULL: no NOTIFY */
	const char *process_state; /* JSON for the seccomp agent (containerProcessState) */
	int timeout_ms;		   /* until the program runs */
	const char *program;	   /* argv[0], for messages */
	int *sdnotify;		   /* gets the socket of NOTIFY_SOCKET if there is one; or NULL */
	/* Closed behind GO, when init has its turn: the last close of a detached mount waits for
	 * an RCU grace period. NULL: nothing. */
	int *closing;
};

/*
 * Lets init go on and returns when the program runs: 0; else a reported error that says why not
 * (in words.h's words where it is the user's program). Always returns: an init that somebody in
 * its PID namespace stopped is continued, one that is dead, frozen or traced is an error.
 */
must_check int start_go(const struct start_request *request);

/*
 * The same for exec, whose process is ours and waits for nobody: page is what start_page_make()
 * gave before the process was made, conn the connection that its execve closes. Of the request,
 * statedir is not used.
 */
must_check int start_follow(const struct start_request *request, int conn, struct start_page *page);

/* Where the page says that a step failed: reports what, and is negative; else 0. program as in
 * the request. */
must_check int start_failure(const struct start_page *page, const char *program);
/* Whether the process executed a program after it was made: the kernel's word, which a container
 * that got hold of the FIFO (/proc/PID/fd of a created container's init) cannot change. false where
 * nobody knows. Silent. */
must_check bool start_has_executed(int pidfd);
/* Continues the process if it is stopped (SIGSTOP, which others in its PID namespace may send).
 * Whether a tracer holds it is told by *ret_traced. Silent. */
void start_continue(int pidfd, bool *ret_traced);

#endif
