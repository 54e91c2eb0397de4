/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers the notified calls of one container, logs each distinct denial once and counts them.
 * Example:
 *
 *	const struct responder_rules rules = { .profile = &profile };
 *
 *	r = responder_tools_start(&tools);
 *	responder_start(&responder, "web", &log, NULL);
 *	while (listener is readable)
 *		r = responder_handle(&responder, &tools, listener, &rules);
 *	responder_end(&responder);
 */
#ifndef OBSERVE_RESPONDER_H
#define OBSERVE_RESPONDER_H

#include "base/base.h"
#include "observe/denial.h"
#include "observe/denial_table.h"
#include "observe/line_writer.h"
#include "observe/listener.h"
#include "observe/reader.h"

/* The patience with a container that is the only one. */
enum { RESPONDER_PATIENCE_MS = 2000 };

struct answer_policy;

/* What all containers of a process share. */
struct responder_tools {
	struct listener listener; /* its `call` has the last call that was received */
	struct reader reader;
	int proc; /* from procfs_open() */
	/* the filters have the answers of penalty_give(); else a call that kills gets SIGKILL */
	bool is_exact;
	/*
	 * So much time slow reads of a container may take in all. After each further 100 ms nothing
	 * is read for it for a second, then for two, and so on, so that it does not delay other
	 * containers, or its own threads, without limit. A minute without slow reads ends that.
	 */
	int patience_ms;
	uint64_t n_unread; /* calls at which a look at the process was left out */
};

/* By what a call is answered. */
struct responder_rules {
	const struct denial_profile *profile; /* NULL: not known */
	/* for what the profile does not deny; NULL: ENOSYS */
	const struct answer_policy *policy;
};

struct responder {
	const char *container;		/* its id */
	struct line_writer *log, *text; /* lines of JSON, lines for people; NULL: none */
	struct denial_table table;
	size_t n_watched;
	uint64_t n_lost; /* kinds whose line could not be written to the log */
	bool changed;	 /* the counts, since they were written */
	int64_t counts_due, watch_due;
	int counts_ms;	     /* the present interval */
	size_t counts_bytes; /* of the last line of counts */
	int slow_ms;	     /* of slow reads, less what pauses have been made for */
	int64_t slow_at;     /* the last slow read */
	int64_t reads_from;
	int pause_ms;
	size_t n_stuck; /* reads that did not end when the process that reads was killed */
};

/*
 * Loads the filter of this process (agent_filter.h), gets the buffers, and starts the process that
 * reads. Reporting.
 */
must_check int responder_tools_start(struct responder_tools *t);
/* Ends the process that reads. */
void responder_tools_stop(struct responder_tools *t);
/*
 * Begins with a zeroed *r. The container's id and the writers must live as long. Containers may
 * share a writer.
 */
void responder_start(struct responder *r, const char *container, struct line_writer *log,
		     struct line_writer *text);
/* Receives one call from the listener and answers it. Returns 0, or -errno if the listener is
 * unusable. Silent. */
must_check int responder_handle(struct responder *r, struct responder_tools *t, int fd,
				const struct responder_rules *rules);
/* Answers the call in t->listener.call, which has been received from fd. */
void responder_answer(struct responder *r, struct responder_tools *t, int fd,
		      const struct responder_rules *rules);
/*
 * Does what is due: counts, and whether programs live on. Returns after how many milliseconds it is
 * to be called again, -1: not before the next call is answered. Silent.
 */
must_check int responder_tick(struct responder *r);
/* Writes the last counts. ended: no process has the filter any more. */
void responder_end(struct responder *r, bool ended);
/* Prints the sum for people. */
void responder_summarise(struct responder *r);

#endif
