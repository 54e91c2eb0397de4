/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest supervisor: answer NUMBER COMMAND [ARGUMENT...] runs a command under a filter that
 * notifies this one system call, and answers each with EPERM: two ioctl(2), nothing else. So its
 * time is what the kernel's notifications cost on this machine, whatever the supervisor does.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS /* Linux 6.6 */
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

static int load_filter(uint32_t nr)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &program);
}

static void end(int sig)
{
	(void)sig;
	_exit(0);
}

static void serve(int fd)
{
	struct seccomp_notif call;
	struct seccomp_notif_resp answer;

	(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	for (;;) {
		memset(&call, 0, sizeof(call));
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
			continue;
		memset(&answer, 0, sizeof(answer));
		answer.id = call.id;
		answer.error = -EPERM;
		(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

int main(int argc, char **argv)
{
	int fd, pair[2];

	if (argc < 3 || pipe(pair) < 0 || signal(SIGCHLD, end) == SIG_ERR)
		return 125;
	/* the listener is made in the table of descriptors that both share */
	long pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0) {
		fd = load_filter((uint32_t)strtoul(argv[1], NULL, 10));
		if (write(pair[1], &fd, sizeof(fd)) == sizeof(fd) && fd >= 0)
			execvp(argv[2], argv + 2);
		_exit(126);
	}
	if (pid < 0 || read(pair[0], &fd, sizeof(fd)) != sizeof(fd) || fd < 0)
		return 125;
	serve(fd);
}
