/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process under seccomp filters, to be looked at. usage: filtered KIND
 *
 * KIND: none; strict; 1, 2 or 3: that many filters (the first denies mkdir with EPERM, the second
 * mkdir with EACCES and rmdir, the third kills for swapon); threads: two threads, of which one has
 * a filter more. Then it writes "ready PID TID", the number of the last thread, reads standard
 * input to its end and writes what that returned: the second read shows whether it was disturbed.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void install(unsigned int nr, unsigned int action, unsigned int nr2, unsigned int action2)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action2),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog prog = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0) {
		perror("filtered: a filter");
		exit(1);
	}
}

static const unsigned int enoent = SECCOMP_RET_ERRNO | ENOENT;

static void install_nth(int n)
{
	if (n == 0)
		install(SYS_mkdirat, SECCOMP_RET_ERRNO | EPERM, SYS_mkdirat, enoent);
	else if (n == 1)
		install(SYS_mkdirat, SECCOMP_RET_ERRNO | EACCES, SYS_unlinkat, enoent);
	else
		install(SYS_swapon, SECCOMP_RET_KILL_PROCESS, SYS_swapon, enoent);
}

static int ready[2], ended[2];

static void *other_thread(void *nothing)
{
	int tid = (int)syscall(SYS_gettid);
	char byte;

	install_nth(1);
	if (write(ready[1], &tid, sizeof(tid)) != sizeof(tid) || read(ended[0], &byte, 1) < 0)
		exit(1);
	return nothing;
}

/* With no call but read and write, which strict mode allows. */
static void wait_for_end(const char *line)
{
	char text[64];
	ssize_t n;

	if (write(1, line, strlen(line)) < 0)
		_exit(1);
	while ((n = read(0, text, sizeof(text))) > 0)
		;
	n = n < 0 ? write(1, "interrupted\n", 12) : write(1, "end\n", 4);
	syscall(SYS_exit, n < 0);
}

int main(int argc, char **argv)
{
	const char *kind = argc == 2 ? argv[1] : "none";
	pthread_t thread;
	char line[64];
	int tid = getpid();

	if (strcmp(kind, "threads") == 0) {
		install_nth(0);
		if (pipe(ready) < 0 || pipe(ended) < 0 ||
		    pthread_create(&thread, NULL, other_thread, NULL) != 0 ||
		    read(ready[0], &tid, sizeof(tid)) != sizeof(tid))
			return 1;
	}
	for (int i = 0; i < atoi(kind); i++)
		install_nth(i);
	snprintf(line, sizeof(line), "ready %d %d\n", getpid(), tid);
	if (strcmp(kind, "strict") == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) < 0)
		return 1;
	wait_for_end(line);
}
