/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start channel, both ends. Init listens (SOCK_SEQPACKET, "start.sock" in the state
 * directory); its descriptor is close-on-exec, so whether somebody listens *is* whether the
 * container is still waiting. A connection that ends without GO is ignored: `state` probes.
 *
 * GO carries a shared page (memfd). Init writes its stage there, so that after the filter is
 * loaded no system call is needed to say what happened: EXECING is stored before execve,
 * errno and FAILED behind one that returned, then a trap instruction. End of file on the
 * connection is the kernel's word that execve closed it (or that init died: the page tells).
 *
 * Init answers GO with the socket of NOTIFY_SOCKET if it has one, and with its connection to the
 * seccomp agent (NOTIFY only), then LOADING, or ERROR with a message, all before the filter is
 * loaded.
 */
#ifndef BOX_START_H
#define BOX_START_H

#include "base/base.h"

#include <sys/types.h>

struct filter;
struct plan_hooks;
struct plan_process;

/* The name that init goes by until execve: recorders of profiles (security-profiles-operator,
 * Inspektor Gadget) pass over what a task of this name does. */
#define START_COMM "runc:[2:INIT]"

enum start_message {
	START_GO = 1,	/* start -> init: the page as memfd */
	START_ANSWER,	/* init -> start: taken; the agent's connection, if there is one */
	START_ABOUT,	/* init -> start: the next is the filter */
	START_ERROR,	/* init -> start: code and message; init ends */
	START_SDNOTIFY, /* init -> start: the socket of NOTIFY_SOCKET, before ANSWER */
};

enum start_stage {
	START_WAITING,
	START_HOOKS,	/* startContainer hooks run */
	START_LOADING,	/* the filter is being loaded */
	START_LISTENER, /* loaded; page.listener holds the descriptor; waits for page.go */
	START_EXECING,
	START_FAILED, /* page.error holds the errno of execve or of loading the filter */
};

struct start_page { /* members are accessed with __atomic builtins */
	uint32_t stage;
	uint32_t stage_failed; /* the stage in which FAILED came up */
	int32_t error;
	int32_t listener;
	uint32_t go; /* enum start_verdict */
};

enum start_verdict { START_HOLD, START_RUN, START_GIVE_UP };

/* Makes the listening socket in the directory (by fchdir and a relative name: a state
 * directory may be longer than sun_path). Reporting. */
must_check int start_listen(int statedir, int *ret);
/* 1: init waits there; 0: nobody listens (started, or dead); -errno. Never blocks. Silent. */
must_check int start_is_waiting(int statedir);

struct start_request {
	int statedir;
	int pidfd;		   /* init */
	bool notify;		   /* the filter has NOTIFY: hand the listener over */
	const char *process_state; /* JSON for the seccomp agent (containerProcessState) */
	int timeout_ms;		   /* until EXECING; hooks run within their own timeouts on top */
	const char *program;	   /* argv[0], for messages */
	int *sdnotify;		   /* gets the socket of NOTIFY_SOCKET if there is one; or NULL */
	/* Closed behind GO, when init has its turn: the last close of a detached mount waits for
	 * an RCU grace period. NULL: nothing. */
	int *closing;
};

/*
 * Sends GO and returns when the program runs: 0; else a reported error that says why not (in
 * words.h's words where it is the user's program). Never hangs on a dead or frozen init.
 */
must_check int start_go(const struct start_request *request);

/*
 * The same for exec, whose process is ours and waits for no GO: page is what start_page_make()
 * gave before the process was made, conn the connection that its execve closes, agent the one
 * to the seccomp agent (taken over; -1: none). Of the request, statedir is not used.
 */
must_check int start_page_make(struct start_page **ret);
must_check int start_follow(const struct start_request *request, int conn, int agent,
			    struct start_page *page);

/* What init becomes. */
struct start_program {
	const char *path; /* argv[0] as found */
	char *const *argv;
	char *const *envp;
	/* Its rlimits: set last, and in each hook's process, so that none of them (no file of any
	 * size, no descriptor, no process) keeps us from our own work. */
	const struct plan_process *process;
	const struct filter *filter;	/* NULL: none */
	unsigned int preserve_fds;	/* descriptors 3 .. 3+n-1 stay open */
	const struct plan_hooks *hooks; /* startContainer */
	const char *state;		/* their standard input */
};

/*
 * Init's side: waits on the listener for GO, runs startContainer hooks under the filter,
 * loads it, execs. notify is the connection to the seccomp agent, sdnotify the socket of
 * NOTIFY_SOCKET, or -1.
 */
no_return void start_wait(int listener, int notify, int sdnotify,
			  const struct start_program *program);

/* The same without a wait: runs the program now, on the other end of start_follow(). */
no_return void start_now(int conn, struct start_page *page, const struct start_program *program);

/* Before that: tells the other end of the recorded error and ends. */
no_return void start_give_up(int conn, int code);

/*
 * Loads the filter into the calling process: the last act before execve but one.
 * NULL: nothing to do. Returns the listener where the filter's flags ask for one and
 * `listen` is set, else 0, or -errno. Silent.
 */
must_check int filter_load(const struct filter *filter, bool listen);
/* As confine of a hook_context: ctx is a struct start_program, whose limits and filter are put in
 * force. Without a listener: what the filter notifies gets ENOSYS. */
must_check int program_confine(const void *ctx);

#endif
