/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives a pid to another process: reuse process|thread PID. Prints "ready" when a process, or a
 * thread of this process, has that number in our PID namespace, and waits. Needs CAP_SYS_ADMIN
 * there.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t wanted;
static int result[2];

/* Makes pid the next number that the kernel gives, unless another process forks first. */
static int aim(pid_t pid)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", pid - 1);
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	int ok = fd >= 0 && write(fd, text, (size_t)n) == n;

	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

static void stay(void)
{
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}

static void *thread(void *not_used)
{
	pid_t tid = (pid_t)syscall(SYS_gettid);

	(void)not_used;
	if (write(result[1], &tid, sizeof(tid)) != sizeof(tid))
		exit(1);
	if (tid == wanted)
		stay();
	return NULL;
}

static void try_thread(void)
{
	pthread_t id;
	pid_t tid;

	if (aim(wanted) < 0 || pthread_create(&id, NULL, thread, NULL) ||
	    read(result[0], &tid, sizeof(tid)) != sizeof(tid)) {
		perror("reuse");
		exit(1);
	}
	if (tid == wanted)
		for (;;)
			pause();
	pthread_join(id, NULL);
}

static void try_process(void)
{
	if (aim(wanted) < 0) {
		perror("reuse");
		exit(1);
	}
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, 9);
		if (getpid() == wanted)
			stay();
		_exit(0);
	}
	if (pid == wanted)
		for (;;)
			pause();
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + 10;

	if (argc != 3 || (wanted = atoi(argv[2])) <= 1 || pipe2(result, O_CLOEXEC)) {
		fprintf(stderr, "usage: reuse process|thread PID\n");
		return 64;
	}
	while (time(NULL) < end)
		(strcmp(argv[1], "thread") ? try_process : try_thread)();
	fprintf(stderr, "reuse: could not get the number %d\n", wanted);
	return 1;
}
