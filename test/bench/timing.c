/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures the time of whole commands: timing ROUNDS GAP_MS COMMAND... [-- COMMAND...]. Each round
 * runs every command once, so that other load on the machine affects all commands alike. Before
 * each command it sleeps for GAP_MS, because engines call a runtime after idle time, too. Prints
 * one line for each command: median, minimum and 90th percentile of the wall-clock time, and the
 * median of the processor time of the command and its children, in microseconds.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { MAX_COMMANDS = 16, MAX_ROUNDS = 10000 };

extern char **environ;

static double samples[MAX_COMMANDS][MAX_ROUNDS], processor[MAX_COMMANDS][MAX_ROUNDS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double of_timeval(const struct timeval *t)
{
	return (double)t->tv_sec * 1e6 + (double)t->tv_usec;
}

static double once(char **argv, double *ret_processor)
{
	struct rusage usage;
	int status;
	pid_t pid;
	double start = now();

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
	    wait4(pid, &status, 0, &usage) < 0) {
		perror(argv[0]);
		exit(1);
	}
	double took = now() - start;

	if (status) {
		fprintf(stderr, "timing: %s failed (wait status %#x)\n", argv[0],
			(unsigned int)status);
		exit(1);
	}
	*ret_processor = of_timeval(&usage.ru_utime) + of_timeval(&usage.ru_stime);
	return took;
}

static int split(int argc, char **argv, char **commands[MAX_COMMANDS])
{
	int n = 0;

	for (int i = 3; i < argc && n < MAX_COMMANDS; i++) {
		commands[n++] = &argv[i];
		while (i < argc && strcmp(argv[i], "--") != 0)
			i++;
		if (i < argc)
			argv[i] = NULL;
	}
	return n;
}

int main(int argc, char **argv)
{
	char **commands[MAX_COMMANDS];

	if (argc < 4) {
		fprintf(stderr, "usage: timing ROUNDS GAP_MS COMMAND... [-- COMMAND...]\n");
		return 2;
	}
	int rounds = atoi(argv[1]), gap = atoi(argv[2]);
	int n = split(argc, argv, commands);
	struct timespec idle = { gap / 1000, (long)(gap % 1000) * 1000000 };

	if (rounds < 1 || rounds > MAX_ROUNDS)
		return 2;
	for (int r = -1; r < rounds; r++) /* the first round only warms up */
		for (int c = 0; c < n; c++) {
			if (gap)
				nanosleep(&idle, NULL);
			double used, took = once(commands[c], &used);

			if (r < 0)
				continue;
			samples[c][r] = took;
			processor[c][r] = used;
		}
	for (int c = 0; c < n; c++) {
		qsort(samples[c], (size_t)rounds, sizeof(**samples), by_value);
		qsort(processor[c], (size_t)rounds, sizeof(**processor), by_value);
		printf("%.0f %.0f %.0f %.0f\n", samples[c][rounds / 2], samples[c][0],
		       samples[c][rounds * 9 / 10], processor[c][rounds / 2]);
	}
	return 0;
}
