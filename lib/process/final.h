/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last part of our own code in the process that becomes the user's program: init of `create`,
 * the process of `exec`, or a startContainer hook.
 *
 * Once the filter is loaded, other processes in the PID namespace may see this one, trace it, stop
 * it and write to its memory. So the remaining work is a fixed list of system calls with exact
 * arguments. The first filter allows these calls in addition to what the profile allows.
 *
 *   init   (clone), (session, terminal), READY to the parent, COMMIT from it, wait for START_RUN,
 *          limits, (profile), execve; limits behind a profile that makes a listener
 *   exec   clone, (session, terminal), limits, (profile), execve
 */
#ifndef PROCESS_FINAL_H
#define PROCESS_FINAL_H

#include "base/base.h"
#include "base/caps.h"
#include "process/exact.h"

#include <sys/resource.h>

struct box;
struct filter;
struct plan;
struct start_page;

struct final {
	const struct plan *plan;
	struct start_page *page; /* shared with the process that waits for this one (start.h) */
	bool clone;		 /* clone first: only the clone is in the joined PID namespace */
	/* make a session, with standard input as its controlling terminal if there is one */
	bool session;
	bool dies; /* set SIGKILL as parent death signal: for a hook */
	/* prctl(PR_GET_PDEATHSIG) is allowed: tools that record profiles start at this call */
	bool marks;
	int sync;	  /* socket for READY and COMMIT; -1 for exec */
	const char *path; /* the program, as program_find() found it */
	char *const *argv;
	char *const *envp;
	struct rlimit *limits; /* copy of plan->process.rlimits, made by final_prepare() */
	/* the filter that early_load() loads; NULL: there is no profile */
	const struct filter *first;
	/* what early_load() sets behind it, without CAP_SYS_ADMIN; NULL: it keeps what it has */
	cap_t caps;
	/* the profile, if the calls above still have to load it; else NULL */
	const struct filter *late;
	/* set the limits after the profile is loaded, which allows it */
	bool limits_behind;
};

enum {
	/* More than the number of RLIMIT_* values of Linux; each occurs at most once. */
	FINAL_LIMITS_MAX = 16,
	FINAL_CALLS_MAX = 11 + FINAL_LIMITS_MAX,
};

/* Allocates and fills what the calls point at. Call it when everything else in *f is set. */
void final_prepare(struct final *f);
/*
 * Stores the remaining system calls except execve(2), which every profile has to allow. Returns
 * their number.
 */
size_t final_calls(const struct final *f, struct exact_call calls[FINAL_CALLS_MAX]);
/* Stores those of them that set resource limits. Returns their number. */
size_t final_limits(const struct final *f, struct exact_call calls[FINAL_LIMITS_MAX]);

/* Makes the remaining calls. If one fails, stores the reason in the page and ends the process. */
no_return void final_run(struct final *f);

/*
 * Loads a filter into the calling process. Returns the listener's descriptor if the filter's flags
 * ask for one, else 0, or -errno. Silent.
 */
must_check int final_load_filter(const struct filter *filter);

#endif
