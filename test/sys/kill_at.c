/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends a signal to a process of tamis-agent at the entry of one of its system calls.
 *
 *	kill_at PID SIGNAL receive|repeat N
 *
 * It is the N-th call after the one by which the process receives a denied call, or by which it
 *lets the thread repeat the call (PTRACE_SYSCALL); 0 means that call itself. Prints "ready" when it
 * watches, and "sent", or "ended" if the process ends before. SIGKILL arrives instead of the call,
 * another signal after it.
 */
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The number of a call, the index of one of its arguments, and the value of that. */
struct mark {
	const char *word;
	uint64_t nr;
	int index;
	uint64_t value;
};

static const struct mark marks[] = {
	{ "receive", SYS_ioctl, 1, SECCOMP_IOCTL_NOTIF_RECV },
	{ "repeat", SYS_ptrace, 0, PTRACE_SYSCALL },
	{ NULL, 0, 0, 0 },
};

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* Whether the process is at the entry of the call. *seen: the call of the mark has been made. */
static int is_there(pid_t pid, const struct mark *m, int *seen, int *n)
{
	struct __ptrace_syscall_info info = { .op = 0 };

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return 0;
	*seen |= info.entry.nr == m->nr && info.entry.args[m->index] == m->value;
	return *seen && (*n)-- == 0;
}

static int watch(pid_t pid, int signal, const struct mark *m, int n)
{
	int status, seen = 0, is_ready = 0;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		int deliver = WSTOPSIG(status);

		if (!is_ready) {
			puts("ready");
			is_ready = 1;
		} else if (is_there(pid, m, &seen, &n)) {
			kill(pid, signal);
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			puts("sent");
			return 0;
		}
		if (status >> 16 || deliver == (SIGTRAP | 0x80))
			deliver = 0;
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(uintptr_t)deliver) < 0)
			break;
	}
	puts("ended");
	return 0;
}

int main(int argc, char **argv)
{
	const struct mark *m = marks;

	if (argc != 5)
		return 64;
	while (m->word && strcmp(m->word, argv[3]) != 0)
		m++;
	if (!m->word)
		return 64;
	pid_t pid = atoi(argv[1]);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)(uintptr_t)PTRACE_O_TRACESYSGOOD) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		return fail("PTRACE_SEIZE");
	return watch(pid, atoi(argv[2]), m, atoi(argv[4]));
}
