/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acts like a runtime and its containers towards a seccomp agent: plain processes load a filter
 *with SECCOMP_RET_USER_NOTIF and send their listener with containerProcessState to a socket.
 *
 *	notifier calls SOCKET N FIRST NR COUNT [MEMBERS]   N processes, "cFIRST" and so on, each
 *make the call COUNT times; prints how often which errno was seen. MEMBERS are members of the
 *document in front of "state", with commas. notifier state SOCKET TEXT FDS   sends TEXT and the
 *descriptors FDS: a listener (l), a pipe (p) each; "-" as TEXT is standard input. Then makes
 *getpgid(1) if there is an l, and prints its errno. notifier open SOCKET TEXT   sends TEXT without
 *end; prints how long it took to be closed
 */
#include "sys/serve.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum { TEXT_MAX = 1 << 20, ERRNOS = 256 };

static char text[TEXT_MAX];

static int load_filter(int nr)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };
	int fd;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs");
	fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			  &program);
	if (fd < 0)
		die("seccomp");
	return fd;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr)))
		die(path);
	return sock;
}

/* The peer may refuse to read it all. */
static void send_text(int sock, size_t n, const int *fds, size_t n_fds)
{
	union {
		char buf[CMSG_SPACE(16 * sizeof(int))];
		struct cmsghdr align;
	} control = { .buf = { 0 } };
	struct iovec iov = { text, n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t sent;

	if (n_fds) {
		msg.msg_control = control.buf;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(&control.align), fds, n_fds * sizeof(int));
	}
	sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (sent >= 0 && (size_t)sent < n) {
		ssize_t more = send(sock, text + sent, n - (size_t)sent, MSG_NOSIGNAL);

		if (more < 0)
			return;
		sent += more;
	}
}

static void call_often(const char *path, long id, int nr, long count, const char *members,
		       uint32_t *seen)
{
	int listener = load_filter(nr), sock = connect_to(path);
	int n = snprintf(text, sizeof(text),
			 "{\"ociVersion\":\"1.0.2\",\"fds\":[\"seccompFd\"],\"pid\":%d,%s"
			 "\"state\":{\"ociVersion\":\"1.0.2\",\"id\":\"c%ld\",\"status\":"
			 "\"running\",\"pid\":%d,\"bundle\":\"/b\"%s",
			 getpid(), strstr(members, "annotations") ? "" : members, id, getpid(),
			 strstr(members, "annotations") ? members : "}}");

	send_text(sock, (size_t)n, &listener, 1);
	close(listener);
	close(sock);
	for (long i = 0; i < count; i++) {
		errno = 0;
		(void)!syscall(nr, 1, 2, 3);
		__atomic_add_fetch(&seen[errno < ERRNOS ? errno : 0], 1, __ATOMIC_RELAXED);
	}
	_exit(0);
}

static int calls(char **argv, const char *members)
{
	long n = strtol(argv[1], NULL, 10), first = strtol(argv[2], NULL, 10);
	int nr = (int)strtol(argv[3], NULL, 10), status, killed = 0;
	long count = strtol(argv[4], NULL, 10);
	uint32_t *seen = mmap(NULL, ERRNOS * sizeof(*seen), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (seen == MAP_FAILED)
		die("mmap");
	for (long i = 0; i < n; i++)
		if (fork() == 0)
			call_often(argv[0], first + i, nr, count, members, seen);
	while (wait(&status) > 0)
		killed += WIFSIGNALED(status);
	for (int i = 0; i < ERRNOS; i++)
		if (seen[i])
			printf("%s: %u\n", i ? strerrorname_np(i) : "success", seen[i]);
	if (killed)
		printf("killed: %d\n", killed);
	return 0;
}

static int state(char **argv)
{
	int sock, fds[16], pair[2], listener = -1;
	size_t n = strlen(argv[1]), n_fds = 0;
	char byte;

	if (!strcmp(argv[1], "-"))
		n = fread(text, 1, sizeof(text), stdin);
	else
		memcpy(text, argv[1], n);
	for (const char *p = argv[2]; *p && n_fds < 16; p++) {
		if (pipe(pair))
			die("pipe");
		if (*p == 'l' && listener < 0)
			listener = load_filter(SYS_getpgid);
		fds[n_fds++] = *p == 'l' ? listener : pair[0];
	}
	sock = connect_to(argv[0]);
	send_text(sock, n, fds, n_fds);
	shutdown(sock, SHUT_WR);
	while (recv(sock, &byte, 1, 0) > 0) /* the agent has taken it, or not */
		;
	for (size_t i = 0; i < n_fds; i++)
		close(fds[i]);
	if (listener < 0)
		return 0;
	errno = 0;
	(void)!syscall(SYS_getpgid, 1);
	printf("%s\n", errno ? strerrorname_np(errno) : "success");
	return 0;
}

/* Memory of which each access waits, from another process, too. */
static char *blocking_memory(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register area = { .range = { (uintptr_t)p, 4096 },
					.mode = UFFDIO_REGISTER_MODE_MISSING };

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &area))
		die("userfaultfd");
	return p;
}

static int blocking(char **argv)
{
	long n = strtol(argv[1], NULL, 10);
	int listener = load_filter(SYS_mkdir), sock = connect_to(argv[0]);

	send_text(sock,
		  (size_t)snprintf(text, sizeof(text),
				   "{\"fds\":[\"seccompFd\"],\"state\":{\"id\":\"blocking\"}}"),
		  &listener, 1);
	close(listener);
	close(sock);
	for (long i = 0; i < n; i++) {
		int status;

		if (fork() == 0) { /* memory of userfaultfd(2) is not inherited */
			(void)!syscall(SYS_mkdir, blocking_memory(), 0755);
			_exit(errno);
		}
		wait(&status);
		printf("%s\n", strerrorname_np(WEXITSTATUS(status)));
	}
	return 0;
}

static int leave_open(char **argv)
{
	int sock = connect_to(argv[0]);
	size_t n = strlen(argv[1]);
	time_t start = time(NULL);
	char byte;

	memcpy(text, argv[1], n);
	if (n)
		send_text(sock, n, NULL, 0);
	while (recv(sock, &byte, 1, 0) > 0)
		;
	printf("closed after %ld s\n", (long)(time(NULL) - start));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 7 && !strcmp(argv[1], "calls"))
		return calls(argv + 2, argc > 7 ? argv[7] : "");
	if (argc == 5 && !strcmp(argv[1], "state"))
		return state(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "blocking"))
		return blocking(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "open"))
		return leave_open(argv + 2);
	return 64;
}
