/* SPDX-License-Identifier: Apache-2.0 */
/*
 * within SECONDS PROGRAM [ARG]...: what timeout --foreground --kill-after=5 does, as a static
 * program: tests start it for each call of the runtime, and a dynamic one costs three times as
 * much. Signals are passed on. Exit code: that of the program, 128 + its signal, 124 if the time
 * was up.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int passed_on[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT };

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Waits for the child's end, for at most ms. Returns whether it has ended. */
static int await(pid_t child, const sigset_t *set, long long ms, int *status)
{
	long long end = now_ms() + ms;

	for (;;) {
		long long left = end - now_ms();
		struct timespec t;
		int sig;

		if (waitpid(child, status, WNOHANG) == child)
			return 1;
		if (left <= 0)
			return 0;
		t.tv_sec = left / 1000;
		t.tv_nsec = left % 1000 * 1000000;
		sig = sigtimedwait(set, NULL, &t);
		if (sig > 0 && sig != SIGCHLD)
			kill(child, sig);
	}
}

int main(int argc, char **argv)
{
	sigset_t set, old;
	pid_t child;
	int status, late = 0;

	if (argc < 3) {
		fputs("usage: within SECONDS PROGRAM [ARG]...\n", stderr);
		return 125;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_BLOCK, &set, &old);
	child = vfork();
	if (child == -1) {
		perror("within: vfork");
		return 125;
	}
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		execvp(argv[2], argv + 2);
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (!await(child, &set, atoi(argv[1]) * 1000LL, &status)) {
		late = 1;
		kill(child, SIGTERM);
		if (!await(child, &set, 5000, &status)) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
		}
	}
	if (late)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
