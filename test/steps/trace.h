/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of a runtime, plain or traced to their k-th system call. */
#ifndef TEST_STEPS_TRACE_H
#define TEST_STEPS_TRACE_H

#include <stdbool.h>
#include <sys/types.h>

/* cli is the command itself, init the process in the new PID namespace, middle every other
 * one (an intermediate, hooks). Threads count for their process. */
enum role { CLI, MIDDLE, INIT, ALL };
extern const char *const role_names[];

/* What every command is given; set once. */
struct command {
	const char *runtime, *bundle, *state, *cgroup;
	const char *program[3]; /* what exec runs; NULL ends it */
	const char *output;	/* a file for standard output, written anew; NULL: /dev/null */
	const char *errors;	/* the same for standard error */
	char pidfile[4096];
};
extern struct command command;
/* The id of the container. */
extern const char command_id[];

/* One shot at a traced command, and what was seen of it. */
struct shot {
	enum role victim; /* whose calls are counted, and who is killed */
	long k;		  /* at which call; 0: none, only count */
	int error;	  /* errno that the call gives instead of being made; 0: SIGKILL */
	long counts[4];	  /* system calls entered, by role; ALL is the sum */
	bool fired, hung;
	unsigned long long nr; /* the call it was fired at */
	enum role role;	       /* and whose that was */
	int status;	       /* of the command, as of wait(2) */
};

/* Whether calls can be made to fail on this architecture. */
extern const bool trace_can_fail_calls;

/* Before all else, with the members of command set. Dies unless this is the first process. */
void trace_init(void);
/* Runs a verb of the runtime. Its wait status; -1 if it had to be killed for its slowness. */
int command_run(const char *verb);
/* The same, traced until the command itself has ended. init: of a container that is there
 * already, traced with it; 0: none. */
void command_shoot(const char *verb, pid_t init, struct shot *shot);
/* The pid that create wrote. */
pid_t command_pid(void);
/* Takes the ends of orphans. */
void trace_reap(void);

#endif
