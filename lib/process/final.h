/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of our own work in the process that becomes the user's program: init of `create`, the
 * process of `exec`, a startContainer hook. From the filter on others may see it (in its PID
 * namespace), trace it, stop it and write to its memory. So what it still has to do is a list of
 * exact system calls, which is also what its filter allows beside the profile.
 *
 *   init   (clone), (session, terminal), READY to the parent, COMMIT from it, wait for START_RUN,
 *          limits, (profile), execve; limits behind a profile that makes a listener
 *   exec   clone, (session, terminal), limits, (profile), execve
 */
#ifndef PROCESS_FINAL_H
#define PROCESS_FINAL_H

#include "base/base.h"
#include "process/exact.h"

#include <sys/resource.h>

struct box;
struct filter;
struct plan;
struct start_page;

struct final {
	const struct plan *plan;
	struct start_page *page; /* shared with the one who waits for us (start.h) */
	bool clone;		 /* the rest is a clone's, the first of us in its PID namespace */
	bool session;		 /* make one; and the terminal, if there is one, controls it */
	bool dies;		 /* with its parent: a hook */
	bool marks;	  /* PR_GET_PDEATHSIG is allowed: recorders of profiles begin there */
	int sync;	  /* socket for READY and COMMIT; -1: exec */
	const char *path; /* argv[0] as found */
	char *const *argv;
	char *const *envp;
	struct rlimit *limits;	    /* plan->process.rlimits, made by final_prepare() */
	const struct filter *first; /* what early_load() loads; NULL: there is no profile */
	const struct filter *late;  /* the profile, if it is still to be loaded behind that */
	bool limits_behind;	    /* the limits come behind the profile, which allows that */
};

enum {
	/* RLIMIT_* of Linux; each is given once. */
	FINAL_LIMITS_MAX = 16,
	FINAL_CALLS_MAX = 11 + FINAL_LIMITS_MAX,
};

/* After everything else is set: what the list needs in memory. */
void final_prepare(struct final *f);
/* The calls that are left, but execve, which every profile has to allow. Returns how many. */
size_t final_calls(const struct final *f, struct exact_call calls[FINAL_CALLS_MAX]);
/* Those of them that set limits. */
size_t final_limits(const struct final *f, struct exact_call calls[FINAL_LIMITS_MAX]);

/* Does what is left. What fails is told by the page, then the process ends. */
no_return void final_run(struct final *f);

/*
 * Loads a filter into the calling process. Returns the listener where the filter's flags ask for
 * one, else 0, or -errno. Silent.
 */
must_check int final_load_filter(const struct filter *filter);

#endif
