/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs commands of a runtime, traced or not. Of a traced command the system calls of all processes
 * are counted. At the k-th call, either a process is killed or the call is skipped and returns an
 * error. Owns the tracees. Must be the first process of a PID namespace, so that it becomes the
 * parent of orphans.
 */
#include "steps/trace.h"

#include "steps/left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRACEES = 256 };

const char *const role_names[] = { "cli", "middle", "init", "all" };
struct command command;
const char command_id[] = "stepped";

static struct tracee {
	pid_t tid, tgid;
	enum role role;
} tracees[TRACEES];
static int n_tracees;

static struct shot *run = &(struct shot){ 0 };
static pid_t cli;	/* the command itself */
static bool begun;	/* it has executed the runtime */
static pid_t returning; /* the thread whose call is to return run->error */

/* --- running commands without tracing ------------------------------------------------------- */

static void redirect(int to, const char *file)
{
	int fd = open(file ? file : "/dev/null",
		      O_RDWR | O_CLOEXEC | (file ? O_CREAT | O_TRUNC : 0), 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
}

static void exec_runtime(const char *verb)
{
	redirect(0, NULL);
	/* the container still writes to the file that create was given */
	redirect(1, strcmp(verb, "create") && strcmp(verb, "exec") ? NULL : command.output);
	redirect(2, command.errors);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!strcmp(verb, "create"))
		execl(command.runtime, command.runtime, "--root", command.state, "create",
		      "--bundle", command.bundle, "--pid-file", command.pidfile, command_id, NULL);
	else if (!strcmp(verb, "delete"))
		execl(command.runtime, command.runtime, "--root", command.state, "delete",
		      "--force", command_id, NULL);
	else if (!strcmp(verb, "exec"))
		execl(command.runtime, command.runtime, "--root", command.state, "exec", "--detach",
		      command_id, command.program[0], command.program[1], NULL);
	else
		execl(command.runtime, command.runtime, "--root", command.state, verb, command_id,
		      NULL);
	_exit(127);
}

/* Handles a child that is not a known tracee. A process may be born traced after detach_all():
 * it is detached, or killed if all processes were to be killed. */
static void orphan(pid_t pid, int status)
{
	if (!WIFSTOPPED(status))
		return;
	if (run->fired && !run->error && run->victim == ALL)
		kill(pid, SIGKILL);
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

/* Seconds after which a command counts as hanging; emulated machines need more time. */
static unsigned int patience(void)
{
	const char *word = getenv("TAMIS_STEPS_HANG");

	return word ? (unsigned int)atoi(word) : 15;
}

int command_run(const char *verb)
{
	double end = now() + patience();
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

/* The number after "Key:" in /proc/TID/status; for NSpid the count of numbers. */
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
	if (t->tgid == cli)
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

#ifdef __x86_64__
#include <sys/user.h>

/* On entry: replaces the call by an invalid one, so that the kernel does nothing. */
static void skip_call(pid_t tid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs) < 0)
		return;
	regs.orig_rax = ~0ULL;
	ptrace(PTRACE_SETREGS, tid, 0, &regs);
}

/* On exit: replaces the result of the skipped call. */
static void set_result(pid_t tid, int error)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs) < 0)
		return;
	regs.rax = (unsigned long long)-error;
	ptrace(PTRACE_SETREGS, tid, 0, &regs);
}

const bool trace_can_fail_calls = true;
#else
static void skip_call(pid_t tid)
{
	(void)tid;
}

static void set_result(pid_t tid, int error)
{
	(void)tid;
	(void)error;
}

const bool trace_can_fail_calls = false;
#endif

static void fire(struct tracee *at)
{
	run->fired = true;
	run->role = at->role;
	if (run->error) {
		returning = at->tid;
		skip_call(at->tid);
		return;
	}
	for (int i = 0; i < n_tracees; i++)
		if (run->victim == ALL || tracees[i].role == run->victim)
			kill(tracees[i].tgid > 0 ? tracees[i].tgid : tracees[i].tid, SIGKILL);
}

static void at_syscall(struct tracee *t)
{
	struct __ptrace_syscall_info info;

	if (!t)
		return;
	if (returning == t->tid) {
		returning = 0;
		set_result(t->tid, run->error);
		return;
	}
	if (run->fired || !begun ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	run->counts[t->role]++;
	run->counts[ALL]++;
	if ((run->victim == ALL || t->role == run->victim) && run->counts[run->victim] == run->k) {
		run->nr = info.entry.nr;
		fire(t);
	}
}

static void at_stop(pid_t tid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16, deliver = 0;
	struct tracee *t = know(tid);
	bool shot;

	if (sig == (SIGTRAP | 0x80))
		at_syscall(t);
	else if (event == PTRACE_EVENT_EXEC && tid == cli)
		begun = true;
	else if (event == PTRACE_EVENT_EXEC && run->error) { /* a program other than the runtime */
		forget(tid);
		ptrace(PTRACE_DETACH, tid, 0, 0);
		return;
	} else if (event == PTRACE_EVENT_STOP && sig != SIGTRAP) {
		ptrace(PTRACE_LISTEN, tid, 0, 0);
		return;
	} else if (event == 0)
		deliver = sig;
	shot = run->fired && !run->error;
	if (shot && run->victim == ALL && t) /* born after the kill */
		kill(t->tid, SIGKILL);
	ptrace(shot ? PTRACE_CONT : PTRACE_SYSCALL, tid, 0, (void *)(long)deliver);
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

/* Detaches from all living tracees, so that a container continues as if it had not been traced.
 * Waits for all at once, because the end of a thread group leader is reported only after the end
 * of its other threads. */
static void detach_all(void)
{
	pid_t tid;

	/* ESRCH: the thread was removed by the execve of another one */
	for (int i = n_tracees - 1; i >= 0; i--)
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

void command_shoot(const char *verb, pid_t init, struct shot *shot)
{
	int gate[2], status;
	pid_t tid;

	if (pipe2(gate, O_CLOEXEC) < 0)
		die("pipe");
	n_tracees = 0;
	run = shot;
	begun = false;
	returning = 0;
	cli = fork();
	if (cli < 0)
		die("fork");
	if (cli == 0) {
		char c;

		if (read(gate[0], &c, 1) != 1)
			_exit(126);
		exec_runtime(verb);
	}
	seize(cli);
	know(cli);
	if (init > 0)
		seize_threads(init);
	if (write(gate[1], "x", 1) != 1)
		die("gate");
	close(gate[0]);
	close(gate[1]);
	alarmed = 0;
	alarm(patience());
	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR && alarmed) {
			run->hung = true;
			kill(cli, SIGKILL);
			alarmed = 0;
			alarm(patience());
		}
		if (tid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			at_stop(tid, status);
			continue;
		}
		forget(tid);
		if (tid == cli)
			break;
	}
	run->status = status;
	alarm(2); /* limits the wait in detach_all() */
	detach_all();
	alarm(0);
}

void trace_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		orphan(pid, status);
}

pid_t command_pid(void)
{
	FILE *f = fopen(command.pidfile, "re");
	int pid = 0;

	if (!f || fscanf(f, "%d", &pid) != 1)
		die(command.pidfile);
	fclose(f);
	return pid;
}

void trace_init(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };

	if (getpid() != 1) {
		errno = EPERM;
		die("must be the first process of a PID namespace");
	}
	snprintf(command.pidfile, sizeof(command.pidfile), "%s.pid", command.state);
	sigaction(SIGALRM, &sa, NULL);
}
