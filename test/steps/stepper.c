/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kills a runtime at its k-th system call and checks what `delete --force` leaves behind.
 *
 *   stepper RUNTIME BUNDLE STATE CGROUP OP VICTIM SAMPLES
 * OP: create, start, exec, delete (of a created container). VICTIM: cli, middle, init, all: the
 * processes whose system calls are counted, and which get SIGKILL when the count is k. SAMPLES: the
 * number of values of k, spread over all calls; 0: every call. Must be the first process of a PID
 * and mount namespace, so that every other process in it is a leak. Prints one TAP line, and as
 * diagnostics the calls after which something was left.
 */
#include "steps/left.h"
#include "steps/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *op;
static enum role victim;

/* The process that is traced together with the command. */
static pid_t prepare(void)
{
	if (!strcmp(op, "create"))
		return 0;
	if (command_run("create") != 0) {
		errno = ECANCELED;
		die("create, before the call under test");
	}
	return strcmp(op, "exec") ? command_pid() : 0; /* exec is tested by its own process */
}

/* Runs one case. 0: nothing was left, 1: something was left, -1: k is beyond the last call. */
static int kill_at(long k, struct shot *shot)
{
	double end;
	int rc;

	*shot = (struct shot){ .victim = victim, .k = k };
	command_shoot(op, prepare(), shot);
	if (!shot->fired && k > 0) {
		command_run("delete");
		left_wipe();
		return -1;
	}
	rc = command_run("delete");
	if (rc != 0)
		rc = command_run("delete"); /* may fail once */
	end = now() + 3;
	while (left_any(false) && now() < end)
		nap();
	if (rc == 0 && !shot->hung && !left_any(false))
		return 0;
	printf("# %s, %s killed at its call %ld (number %llu):%s%s\n", op, role_names[victim], k,
	       shot->nr, shot->hung ? " the command hangs;" : "",
	       rc ? " delete --force fails;" : "");
	left_any(true);
	fflush(stdout);
	left_wipe();
	return 1;
}

static int all_cases(long samples)
{
	long total, stride, kills = 0, left = 0;
	struct shot shot;

	if (kill_at(0, &shot)) /* counts the calls, kills nobody */
		return printf("not ok - %s without a kill leaves nothing\n", op), 1;
	total = shot.counts[victim];
	printf("# %s: system calls: cli %ld, middle %ld, init %ld\n", op, shot.counts[CLI],
	       shot.counts[MIDDLE], shot.counts[INIT]);
	if (!total) {
		printf("ok - %s: kill %s # SKIP there is no such process\n", op,
		       role_names[victim]);
		return 0;
	}
	stride = samples && total > samples ? total / samples : 1;
	for (long k = 1; k <= total; k += stride) {
		int rc = kill_at(k, &shot);

		if (rc < 0)
			break;
		kills++;
		left += rc;
	}
	printf("%s - %s: SIGKILL for %s at %ld of %ld system calls: leftovers after %ld\n",
	       left ? "not ok" : "ok", op, role_names[victim], kills, total, left);
	return left > 0;
}

int main(int argc, char **argv)
{
	size_t role;

	if (argc != 8) {
		fprintf(stderr, "usage: stepper RUNTIME BUNDLE STATE CGROUP OP VICTIM SAMPLES\n");
		return 64;
	}
	command = (struct command){ .runtime = argv[1],
				    .bundle = argv[2],
				    .state = argv[3],
				    .cgroup = argv[4],
				    .program = { "/bin/payload", "pause" } };
	op = argv[5];
	for (role = 0; role < ALL && strcmp(argv[6], role_names[role]); role++)
		;
	victim = (enum role)role;
	trace_init();
	left_init(command.state, command.cgroup, trace_reap);
	left_wipe();
	return all_cases(strtol(argv[7], NULL, 10));
}
