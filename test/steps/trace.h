/* SPDX-License-Identifier: Apache-2.0 */
/* Runs commands of a runtime, untraced or traced up to their k-th system call. */
#ifndef TEST_STEPS_TRACE_H
#define TEST_STEPS_TRACE_H

#include <stdbool.h>
#include <sys/types.h>

/* cli is the process of the command, init the first process of the new PID namespace, middle
 * every other process (an intermediate, hooks). Threads count as their process. */
enum role { CLI, MIDDLE, INIT, ALL };
extern const char *const role_names[];

/* The arguments of every command; set once. */
struct command {
	const char *runtime, *bundle, *state, *cgroup;
	const char *program[3]; /* the program of exec; ends with NULL */
	const char *output;	/* file for standard output, truncated; NULL: /dev/null */
	const char *errors;	/* the same for standard error */
	char pidfile[4096];
};
extern struct command command;
/* The id of the container. */
extern const char command_id[];

/* A kill or failure at one call of a traced command, and its result. */
struct shot {
	enum role victim; /* the process whose calls are counted and which is killed */
	long k;		  /* the number of the call; 0: only count */
	int error;	  /* errno that replaces the call; 0: SIGKILL */
	long counts[4];	  /* system calls entered by each role; ALL: the sum */
	bool fired, hung;
	unsigned long long nr; /* the system call at which it happened */
	enum role role;	       /* the process that made this call */
	int status;	       /* the command's status from wait(2) */
};

/* Whether calls can be made to fail on this architecture. */
extern const bool trace_can_fail_calls;

/* Called first, after the members of command are set. Exits unless this is the first process. */
void trace_init(void);
/* Runs a verb of the runtime. Returns its wait status, or -1 if it was killed because it hung. */
int command_run(const char *verb);
/* The same, traced until the process of the command has ended. init: the first process of an
 * existing container, which is traced, too; 0: none. */
void command_shoot(const char *verb, pid_t init, struct shot *shot);
/* The pid in the pid file of create. */
pid_t command_pid(void);
/* Reaps orphans. */
void trace_reap(void);

#endif
