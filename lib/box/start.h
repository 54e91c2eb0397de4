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
 */
#ifndef BOX_START_H
#define BOX_START_H

#include "base/base.h"

#include <sys/types.h>

struct plan;
struct handles;

enum start_stage {
	START_WAITING,
	START_HOOKS, /* startContainer hooks run */
	START_LOADING, /* the filter is being loaded */
	START_LISTENER, /* loaded; page.listener holds the descriptor; waits for page.go */
	START_EXECING,
	START_FAILED, /* page.error holds the errno of execve or of loading the filter */
};

struct start_page { /* members are accessed with __atomic builtins */
	uint32_t stage;
	uint32_t stage_failed; /* the stage in which FAILED came up */
	int32_t error;
	int32_t listener;
	uint32_t go;
};

/* Makes the listening socket in the directory (by fchdir and a relative name: a state
 * directory may be longer than sun_path). Reporting. */
must_check int start_listen(int statedir, int *ret);
/* 1: init waits there; 0: nobody listens (started, or dead); -errno. Never blocks. Silent. */
must_check int start_is_waiting(int statedir);

struct start_request {
	int statedir;
	int pidfd; /* init */
	bool notify; /* the filter has NOTIFY: hand the listener over */
	const char *process_state; /* JSON for the seccomp agent (containerProcessState) */
	int timeout_ms; /* until EXECING; hooks run within their own timeouts on top */
	const char *program; /* argv[0], for messages */
};

/*
 * Sends GO and returns when the program runs: 0; else a reported error that says why not (in
 * words.h's words where it is the user's program). Never hangs on a dead or frozen init.
 */
must_check int start_go(const struct start_request *request);

/* Init's side: waits for GO, runs startContainer hooks, loads the filter, execs. */
no_return void start_wait(const struct plan *plan, struct handles *h, const char *program);

#endif
