/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kills a runtime at its k-th system call and looks what `delete --force` leaves behind.
 *
 *   stepper RUNTIME BUNDLE STATE CGROUP OP VICTIM SAMPLES
 * OP: create, start, delete (of a created container). VICTIM: cli, middle, init, all: whose
 * system calls are counted, and who gets SIGKILL when the count is k ("all": every process).
 * SAMPLES: how many k, spread over all calls; 0: every one. To be run as the first process of
 * a PID and mount namespace, so that every other process there is a leak. Prints one TAP
 * line, with the calls after which something was left as diagnostics.
 *
 * Roles: cli is the command itself, init the process in the new PID namespace, middle every
 * other one (an intermediate, hooks). Threads count for their process.
 */
#include "steps/left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum role { CLI, MIDDLE, INIT, ALL };
enum { TRACEES = 256, HANG = 15 };

static const char *const role_names[] = { "cli", "middle", "init", "all" };
static const char id[] = "stepped";

static struct {
	const char *runtime, *bundle, *state, *cgroup, *op;
	enum role victim;
	char pidfile[4096];
} arg;

static struct tracee {
	pid_t tid, tgid;
	enum role role;
} tracees[TRACEES];
static int n_tracees;

static struct {
	pid_t cli;
	long counts[4]; /* system calls entered, by role; ALL is the sum */
	long k;		/* kill when the victim's count is this */
	bool fired, hung;
	unsigned long long nr; /* the call it fired at */
} run;

/* --- plain runs of the runtime -------------------------------------------------------------- */

static void exec_runtime(const char *verb)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!strcmp(verb, "create"))
		execl(arg.runtime, arg.runtime, "--root", arg.state, "create", "--bundle",
		      arg.bundle, "--pid-file", arg.pidfile, id, NULL);
	else if (!strcmp(verb, "delete"))
		execl(arg.runtime, arg.runtime, "--root", arg.state, "delete", "--force", id, NULL);
	else if (!strcmp(verb, "exec"))
		execl(arg.runtime, arg.runtime, "--root", arg.state, "exec", "--detach", id,
		      "/bin/payload", "pause", NULL);
	else
		execl(arg.runtime, arg.runtime, "--root", arg.state, verb, id, NULL);
	_exit(127);
}

/* A child of ours or of nobody any more: one that was born traced after the tracer had let go
 * of the rest is let go too, or ended if everybody was to be. */
static void orphan(pid_t pid, int status)
{
	if (!WIFSTOPPED(status))
		return;
	if (run.fired && arg.victim == ALL)
		kill(pid, SIGKILL);
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

/* The wait status; -1 if it had to be killed after HANG seconds. */
static int plain(const char *verb)
{
	double end = now() + HANG;
	pid_t pid = fork(), got;
	bool late = false;
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_runtime(verb);
	while ((got = waitpid(-1, &status, WNOHANG | __WALL)) != pid) {
		if (got > 0) {
			orphan(got, status);
			continue;
		}
		if (now() > end && !late) {
			late = true;
			kill(pid, SIGKILL);
		}
		nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
	}
	return late ? -1 : status;
}

/* --- tracing -------------------------------------------------------------------------------- */

/* One number after "Key:" in /proc/TID/status; for NSpid how many there are. */
static long status_field(pid_t tid, const char *key)
{
	char path[64], line[1024];
	long ret = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		char *p = line + strlen(key);

		if (strncmp(line, key, strlen(key)))
			continue;
		ret = strtol(p, &p, 10);
		if (!strcmp(key, "NSpid:"))
			for (ret = 1; strtol(p, &p, 10) > 0;)
				ret++;
		break;
	}
	fclose(f);
	return ret;
}

static struct tracee *find(pid_t tid)
{
	for (int i = 0; i < n_tracees; i++)
		if (tracees[i].tid == tid)
			return &tracees[i];
	return NULL;
}

static struct tracee *know(pid_t tid)
{
	struct tracee *t = find(tid);

	if (t)
		return t;
	if (n_tracees == TRACEES)
		return NULL;
	t = &tracees[n_tracees++];
	t->tid = tid;
	t->tgid = (pid_t)status_field(tid, "Tgid:");
	if (t->tgid == run.cli)
		t->role = CLI;
	else
		t->role = status_field(tid, "NSpid:") > 1 ? INIT : MIDDLE;
	return t;
}

static void forget(pid_t tid)
{
	struct tracee *t = find(tid);

	if (t)
		*t = tracees[--n_tracees];
}

static void fire(void)
{
	run.fired = true;
	for (int i = 0; i < n_tracees; i++)
		if (arg.victim == ALL || tracees[i].role == arg.victim)
			kill(tracees[i].tgid > 0 ? tracees[i].tgid : tracees[i].tid, SIGKILL);
}

static void at_syscall(struct tracee *t)
{
	struct __ptrace_syscall_info info;

	if (run.fired || !t ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	run.counts[t->role]++;
	run.counts[ALL]++;
	if ((arg.victim == ALL || t->role == arg.victim) && run.counts[arg.victim] == run.k) {
		run.nr = info.entry.nr;
		fire();
	}
}

static void at_stop(pid_t tid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16, deliver = 0;
	struct tracee *t = know(tid);
	int how;

	if (sig == (SIGTRAP | 0x80))
		at_syscall(t);
	else if (event == PTRACE_EVENT_STOP && sig != SIGTRAP) {
		ptrace(PTRACE_LISTEN, tid, 0, 0);
		return;
	} else if (event == 0)
		deliver = sig;
	if (run.fired && arg.victim == ALL && t) /* born after the shot */
		kill(t->tid, SIGKILL);
	how = run.fired ? PTRACE_CONT : PTRACE_SYSCALL;
	ptrace(how, tid, 0, (void *)(long)deliver);
}

static volatile sig_atomic_t alarmed;

static void on_alarm(int sig)
{
	(void)sig;
	alarmed = 1;
}

static void seize(pid_t pid)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		       PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

	if (ptrace(PTRACE_SEIZE, pid, 0, options) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		die("PTRACE_SEIZE");
}

static int access_proc(pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", tid);
	return access(path, F_OK);
}

static void seize_threads(pid_t pid)
{
	char path[64];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.') {
			seize(atoi(e->d_name));
			know(atoi(e->d_name));
		}
	if (dir)
		closedir(dir);
}

/* Lets go of whoever still lives, so that a container goes on as it would without us. Waits
 * for all at once: a leader's end is not reported before that of its threads. */
static void detach_all(void)
{
	pid_t tid;

	for (int i = n_tracees - 1; i >= 0; i--) /* ESRCH: replaced by another's execve */
		if (ptrace(PTRACE_INTERRUPT, tracees[i].tid, 0, 0) < 0 &&
		    access_proc(tracees[i].tid) < 0)
			forget(tracees[i].tid);
	alarmed = 0;
	while (n_tracees > 0 && !alarmed) {
		int status, deliver = 0;

		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == ECHILD)
			break;
		if (tid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			if (status >> 16 == 0 && WSTOPSIG(status) != (SIGTRAP | 0x80))
				deliver = WSTOPSIG(status);
			ptrace(PTRACE_DETACH, tid, 0, (void *)(long)deliver);
		}
		forget(tid);
	}
}

/* Runs verb under the tracer until the command itself has ended. */
static void traced(const char *verb, pid_t init)
{
	int gate[2], status;
	pid_t tid;

	if (pipe2(gate, O_CLOEXEC) < 0)
		die("pipe");
	n_tracees = 0;
	run.cli = fork();
	if (run.cli < 0)
		die("fork");
	if (run.cli == 0) {
		char c;

		if (read(gate[0], &c, 1) != 1)
			_exit(126);
		exec_runtime(verb);
	}
	seize(run.cli);
	know(run.cli);
	if (init > 0)
		seize_threads(init);
	if (write(gate[1], "x", 1) != 1)
		die("gate");
	close(gate[0]);
	close(gate[1]);
	alarmed = 0;
	alarm(HANG);
	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR && alarmed) {
			run.hung = true;
			kill(run.cli, SIGKILL);
			alarmed = 0;
			alarm(HANG);
		}
		if (tid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			at_stop(tid, status);
			continue;
		}
		forget(tid);
		if (tid == run.cli)
			break;
	}
	alarm(2); /* a wait in vain is not for ever */
	detach_all();
	alarm(0);
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		orphan(pid, status);
}

/* --- cases ---------------------------------------------------------------------------------- */

static pid_t prepare(void)
{
	FILE *f;
	int pid = 0;

	if (!strcmp(arg.op, "create"))
		return 0;
	if (plain("create") != 0) {
		errno = ECANCELED;
		die("create, before the call under test");
	}
	f = fopen(arg.pidfile, "re");
	if (!f || fscanf(f, "%d", &pid) != 1)
		die(arg.pidfile);
	fclose(f);
	return strcmp(arg.op, "exec") ? pid : 0; /* its own process is the one under test */
}

/* One case. 0: clean, 1: something was left, -1: k is beyond the last call. */
static int kill_at(long k)
{
	double end;
	int rc;

	memset(&run, 0, sizeof(run));
	run.k = k;
	traced(arg.op, prepare());
	if (!run.fired && k > 0) {
		plain("delete");
		left_wipe();
		return -1;
	}
	rc = plain("delete");
	if (rc != 0)
		rc = plain("delete"); /* an error is allowed once, with a message */
	end = now() + 3;
	while (left_any(false) && now() < end)
		nap();
	if (rc == 0 && !run.hung && !left_any(false))
		return 0;
	printf("# %s, %s killed at its call %ld (number %llu):%s%s\n", arg.op,
	       role_names[arg.victim], k, run.nr, run.hung ? " the command hangs;" : "",
	       rc ? " delete --force fails;" : "");
	left_any(true);
	fflush(stdout);
	left_wipe();
	return 1;
}

static int all_cases(long samples)
{
	long total, stride, kills = 0, left = 0;

	if (kill_at(0)) /* counts the calls, kills nobody */
		return printf("not ok - %s without a kill leaves nothing\n", arg.op), 1;
	total = run.counts[arg.victim];
	printf("# %s: system calls: cli %ld, middle %ld, init %ld\n", arg.op, run.counts[CLI],
	       run.counts[MIDDLE], run.counts[INIT]);
	if (!total) {
		printf("ok - %s: kill %s # SKIP there is no such process\n", arg.op,
		       role_names[arg.victim]);
		return 0;
	}
	stride = samples && total > samples ? total / samples : 1;
	for (long k = 1; k <= total; k += stride) {
		int rc = kill_at(k);

		if (rc < 0)
			break;
		kills++;
		left += rc;
	}
	printf("%s - %s: SIGKILL for %s at %ld of %ld system calls: %ld leave something\n",
	       left ? "not ok" : "ok", arg.op, role_names[arg.victim], kills, total, left);
	return left > 0;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	size_t victim;

	if (argc != 8) {
		fprintf(stderr, "usage: stepper RUNTIME BUNDLE STATE CGROUP OP VICTIM SAMPLES\n");
		return 64;
	}
	if (getpid() != 1) {
		errno = EPERM;
		die("must be the first process of a PID namespace");
	}
	arg.runtime = argv[1];
	arg.bundle = argv[2];
	arg.state = argv[3];
	arg.cgroup = argv[4];
	arg.op = argv[5];
	for (victim = 0; victim < ALL && strcmp(argv[6], role_names[victim]); victim++)
		;
	arg.victim = (enum role)victim;
	snprintf(arg.pidfile, sizeof(arg.pidfile), "%s.pid", arg.state);
	left_init(arg.state, arg.cgroup, reap);
	sigaction(SIGALRM, &sa, NULL);
	left_wipe();
	return all_cases(strtol(argv[7], NULL, 10));
}
