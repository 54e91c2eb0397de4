/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the k-th system call of a runtime fail, with each of several errors, and checks that the
 * runtime handles this. A command that fails must print one line and leave nothing behind. A
 * command that succeeds must give the same container as without the failure, with the same
 * confinement.
 *
 *   failer RUNTIME BUNDLE STATE CGROUP OP SAMPLES
 * OP: create, start, exec, delete. SAMPLES: the number of values of k, spread over all calls, with
 * one error each; 0: every call with every error. The bundle's program, and the one that exec runs,
 * is "/bin/sh /view": it prints what it sees of the container, and its output must be the same in
 * every run. Must be the first process of a PID and mount namespace. Prints one TAP line, and
 * diagnostics for each fault.
 */
#include "steps/left.h"
#include "steps/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static const int errors[] = { EPERM, ENOMEM, EIO, ENOSYS, EMFILE, ENOSPC, EAGAIN, EINTR };
enum { ERRORS = sizeof(errors) / sizeof(errors[0]), VIEW = 1 << 16 };

static const char *op;
static char reference[VIEW];
static char said[VIEW], seen[VIEW]; /* of this case: messages of the command, output of /view */

/* Reads a whole file into buf; an absent file is empty. */
static void read_file(const char *path, char *buf)
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(buf, 1, VIEW - 1, f) : 0;

	buf[n] = '\0';
	if (f)
		fclose(f);
}

/* Whether the command that has just failed printed its reason in one line. */
static bool one_line(void)
{
	char *end;

	read_file(command.errors, said);
	end = strchr(said, '\n');
	return end && end > said && !end[1];
}

static bool is(const char *name)
{
	return !strcmp(op, name);
}

/* Waits for the end of the container's program, which prints the view. */
static void wait_for_end(pid_t pid)
{
	double end = now() + 10;

	while (kill(pid, 0) == 0 && now() < end) {
		trace_reap();
		nap();
	}
	trace_reap();
}

/* Waits for the view from the program that exec runs. It is an orphan, which is reaped here. */
static void wait_for_view(void)
{
	double end = now() + 10;

	do {
		trace_reap();
		nap();
		read_file(command.output, seen);
	} while (!strstr(seen, "\nend of view\n") && now() < end);
}

static const char *judge_view(void)
{
	read_file(command.output, seen);
	if (!*reference) {
		memcpy(reference, seen, sizeof(seen));
		return strstr(seen, "\nend of view\n") ? NULL : "shows no view";
	}
	return strcmp(seen, reference) ? "succeeds, but the container differs" : NULL;
}

/* Checks the state after a success. A container that was created may still fail to start, with a
 * message. */
static const char *judge_success(const struct shot *shot)
{
	if (is("delete"))
		return left_any(false) ? "succeeds and leaves something" : NULL;
	if (is("create")) {
		pid_t pid = command_pid();

		if (command_run("start") != 0)
			return !shot->fired || shot->role == CLI ? "succeeds, but start fails"
			       : one_line()			 ? NULL
								 : "start fails without a message";
		wait_for_end(pid);
	} else if (is("start")) {
		wait_for_end(command_pid());
	} else {
		wait_for_view();
	}
	return judge_view();
}

/* Calls whose failure proves nothing: those that never fail, whose result would be wrong; a lock
 * that another process holds, which may then own the state directory; and those that the C
 * library of the runtime or of the container needs for its start-up code. */
static bool proves_nothing(const struct shot *shot)
{
	static const unsigned long long calls[] = { SYS_brk,	SYS_arch_prctl, SYS_umask,
						    SYS_getpid, SYS_getppid,	SYS_gettid,
						    SYS_getuid, SYS_geteuid,	SYS_getgid,
						    SYS_getegid };

	for (size_t i = 0; shot->fired && i < sizeof(calls) / sizeof(*calls); i++)
		if (shot->nr == calls[i])
			return true;
	return shot->nr == SYS_flock && shot->error == EAGAIN;
}

static const char *judge(const struct shot *shot)
{
	double end = now() + 3;

	if (shot->hung)
		return "hangs";
	if (proves_nothing(shot))
		return NULL;
	if (WIFSIGNALED(shot->status))
		return "is killed by a signal";
	if (WEXITSTATUS(shot->status) == 0)
		return judge_success(shot);
	if (!one_line())
		return "fails without a message of one line";
	if (!is("create"))
		return NULL;
	while (left_any(false) && now() < end)
		nap();
	return left_any(false) ? "fails and leaves something" : NULL;
}

/* Runs one case. Returns what is wrong, or NULL. */
static const char *fail_at(long k, int error, struct shot *shot)
{
	const char *wrong;
	double end;
	int rc;

	*shot = (struct shot){ .victim = ALL, .k = k, .error = error };
	*said = *seen = '\0';
	if (!is("create") && command_run("create") != 0) {
		errno = ECANCELED;
		die("create, before the call under test");
	}
	command_shoot(op, is("start") ? command_pid() : 0, shot);
	read_file(command.errors, said);
	wrong = judge(shot);
	rc = command_run("delete");
	end = now() + 3;
	while (left_any(false) && now() < end)
		nap();
	if (!wrong && rc)
		wrong = "makes delete --force fail";
	if (!wrong && left_any(false))
		wrong = "leaves something after delete --force";
	return wrong;
}

/* Prints the first line in which the view differs. */
static void show_difference(void)
{
	size_t at = 0, line = 0;

	while (seen[at] && seen[at] == reference[at])
		if (seen[at++] == '\n')
			line = at;
	printf("#   - %.*s\n#   + %.*s\n", (int)strcspn(reference + line, "\n"), reference + line,
	       (int)strcspn(seen + line, "\n"), seen + line);
}

static void explain(const struct shot *shot, const char *wrong)
{
	printf("# %s, %s of call %ld (number %llu of %s): it %s\n", op,
	       strerrorname_np(shot->error), shot->k, shot->nr, role_names[shot->role], wrong);
	left_any(true);
	for (char *p = strtok(said, "\n"); p; p = strtok(NULL, "\n"))
		printf("#   > %s\n", p);
	if (*seen)
		show_difference();
	fflush(stdout);
}

static int all_cases(long samples)
{
	struct shot shot;
	long total, stride, cases = 0, bad = 0;
	const char *wrong = fail_at(0, EIO, &shot); /* at no call */

	if (wrong)
		return printf("not ok - %s without a failing call: it %s\n", op, wrong), 1;
	total = shot.counts[ALL];
	stride = samples && total > samples ? total / samples : 1;
	for (long k = 1; k <= total; k += stride) {
		for (int i = 0; i < ERRORS; i++) {
			int error = errors[i];

			if (samples && i != k / stride % ERRORS)
				continue;
			wrong = fail_at(k, error, &shot);
			if (!shot.fired) /* the number of calls varies a little */
				break;
			cases++;
			if (!wrong)
				continue;
			bad++;
			explain(&shot, wrong);
			left_wipe();
		}
	}
	printf("%s - %s: %ld of %ld system calls made to fail, %ld cases: %ld wrong\n",
	       bad ? "not ok" : "ok", op, (total + stride - 1) / stride, total, cases, bad);
	return bad > 0;
}

int main(int argc, char **argv)
{
	static char output[4096], errors_to[4096];

	if (argc != 7) {
		fprintf(stderr, "usage: failer RUNTIME BUNDLE STATE CGROUP OP SAMPLES\n");
		return 64;
	}
	if (!trace_can_fail_calls)
		return printf("ok - %s # SKIP calls cannot be made to fail on this architecture\n",
			      argv[5]),
		       0;
	snprintf(output, sizeof(output), "%s.out", argv[3]);
	snprintf(errors_to, sizeof(errors_to), "%s.err", argv[3]);
	command = (struct command){ .runtime = argv[1],
				    .bundle = argv[2],
				    .state = argv[3],
				    .cgroup = argv[4],
				    .program = { "/bin/sh", "/view" },
				    .output = output,
				    .errors = errors_to };
	op = argv[5];
	trace_init();
	left_init(command.state, command.cgroup, trace_reap);
	left_wipe();
	return all_cases(strtol(argv[6], NULL, 10));
}
