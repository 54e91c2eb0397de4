/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program for tests inside containers, for what a shell cannot do or see: any system call by name
 * or number, open descriptors, signals. Static; prints one fact in each line, so that tests can
 * compare lines.
 *
 *   payload syscall NAME|NR [ARG...]   ARG: number, s:TEXT (pointer to text), b:SIZE (buffer)
 *   payload fds                        each open descriptor and its target
 *   payload exit N | crash | pause | tty-inject TEXT | uids
 *   payload tree N                     N children that pause
 *   payload leaderless                 the first thread ends, a second one continues
 *   payload attack-exe SECONDS         CVE-2019-5736: writes to /proc/PID/exe of other processes
 *   payload observe SECONDS [trace]    what /proc shows of the runtime's processes
 *   payload swap A B SECONDS           exchanges two names repeatedly (symbolic link races)
 *   payload notify [TEXT]              TEXT (\n: newline) to NOTIFY_SOCKET, with a descriptor
 *   payload deaf PATH                  listens there, with a full backlog, and never accepts
 *   payload manager PATH               a service manager: prints the messages to that socket
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *name;
	long nr;
} calls[] = {
#define C(name)                   \
	{                         \
#name, SYS_##name \
	}
	C(clone3),	C(getpid),	   C(getppid),	       C(getuid),
	C(keyctl),	C(kexec_load),	   C(mount),	       C(mkdirat),
	C(mknodat),	C(openat),	   C(personality),     C(prctl),
	C(reboot),	C(sethostname),	   C(setns),	       C(socket),
	C(swapoff),	C(umount2),	   C(unshare),	       C(unlinkat),
	C(uname),	C(ptrace),	   C(add_key),	       C(bpf),
	C(getcwd),	C(chdir),	   C(fchmodat),	       C(settimeofday),
	C(setuid),	C(init_module),	   C(perf_event_open), C(write),
	C(exit_group),	C(io_uring_setup), C(syslog),	       C(sched_setattr),
	C(getpriority), C(gettid),
#undef C
};

static int do_syscall(int argc, char **argv)
{
	long a[6] = { 0 }, nr = -1, ret;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, argv[0]))
			nr = calls[i].nr;
	if (nr < 0)
		nr = strtol(argv[0], NULL, 0);
	for (int i = 0; i < 6 && i + 1 < argc; i++) {
		const char *arg = argv[i + 1];

		if (!strncmp(arg, "s:", 2))
			a[i] = (long)(arg + 2);
		else if (!strncmp(arg, "b:", 2))
			a[i] = (long)calloc(1, strtoul(arg + 2, NULL, 0));
		else
			a[i] = (long)strtoull(arg, NULL, 0);
	}
	ret = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (ret < 0)
		printf("%s: %s\n", argv[0], strerrorname_np(errno) ?: "E?");
	else
		printf("%s: %ld\n", argv[0], ret);
	return ret < 0;
}

static int do_fds(void)
{
	char path[64], what[4096];

	for (int fd = 0; fd < 1024; fd++) {
		ssize_t n;

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, what, sizeof(what) - 1);
		what[n < 0 ? 0 : n] = '\0';
		printf("%d %s\n", fd, what);
	}
	return 0;
}

/* Whether the process has not yet executed the user's program: its name is "runc:[2:INIT]". */
static int is_ours(const char *pid)
{
	char path[300], comm[64];
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, comm, sizeof(comm));
	close(fd);
	return n >= 5 && !memcmp(comm, "runc:", 5);
}

static void show(char *out, size_t size, const char *pid, const char *what)
{
	char path[300], target[4096];
	size_t used = strlen(out);
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, what);
	n = readlink(path, target, sizeof(target) - 1);
	if (n >= 0)
		snprintf(out + used, size - used, "%s %.*s\n", what, (int)n, target);
}

/* In a child process, whose end detaches the tracee. */
static int can_trace(const char *pid)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0)
		_exit(ptrace(PTRACE_SEIZE, atoi(pid), NULL, NULL) != 0);
	return waitpid(child, &status, 0) == child && status == 0;
}

/* Only what was seen before its execve counts. */
static void observe(const char *pid, int trace)
{
	static char out[1 << 16];
	char what[32];

	if (!is_ours(pid))
		return;
	printf("saw %s\n", pid);
	if (trace && can_trace(pid) && is_ours(pid))
		puts("traced");
	out[0] = '\0';
	show(out, sizeof(out), pid, "cwd");
	show(out, sizeof(out), pid, "root");
	for (int fd = 0; fd < 16; fd++) {
		snprintf(what, sizeof(what), "fd/%d", fd);
		show(out, sizeof(out), pid, what);
	}
	if (is_ours(pid))
		fputs(out, stdout);
}

static int do_observe(const char *seconds, int trace)
{
	time_t end = time(NULL) + strtol(seconds, NULL, 10);

	puts("up");
	fflush(stdout);
	while (time(NULL) < end) {
		DIR *dir = opendir("/proc");
		struct dirent *e;

		if (!dir)
			return 1;
		while ((e = readdir(dir)))
			if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
				observe(e->d_name, trace);
		closedir(dir);
		fflush(stdout);
	}
	return 0;
}

static int do_uids(void)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	if (getresuid(&r, &e, &s) || getresgid(&rg, &eg, &sg))
		return 1;
	printf("uid %u %u %u gid %u %u %u\n", r, e, s, rg, eg, sg);
	return 0;
}

static int do_inject(const char *text)
{
	for (; *text; text++)
		if (ioctl(0, TIOCSTI, text) && ioctl(1, TIOCSTI, text) && ioctl(2, TIOCSTI, text)) {
			printf("tiocsti: %s\n", strerrorname_np(errno));
			return 1;
		}
	puts("tiocsti: ok");
	return 0;
}

__attribute__((noreturn)) static int wait_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

static int do_leaderless(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	if (clone(wait_for_ever, stack + sizeof(stack),
		  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL) < 0)
		return 1;
	return (int)syscall(SYS_exit, 0);
}

__attribute__((noreturn)) static void do_tree(long n)
{
	while (n-- > 0)
		if (fork() == 0)
			for (;;)
				pause();
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

/* The init of a PID namespace cannot kill itself by kill(2), but by a fault. */
static void crash(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

static time_t deadline(const char *seconds)
{
	return time(NULL) + strtol(seconds, NULL, 10);
}

/* Opens the program of every other process for writing, like the exploit of 2019. */
static int do_attack(const char *seconds)
{
	time_t end = deadline(seconds);
	long seen = 0, opened = 0;
	char path[300], again[64];

	while (time(NULL) < end) {
		DIR *dir = opendir("/proc");
		struct dirent *e;

		while (dir && (e = readdir(dir))) {
			int fd, w;

			if (e->d_name[0] < '1' || e->d_name[0] > '9' || atol(e->d_name) == getpid())
				continue;
			snprintf(path, sizeof(path), "/proc/%s/exe", e->d_name);
			fd = open(path, O_PATH | O_CLOEXEC);
			if (fd < 0)
				continue;
			seen++;
			snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
			w = open(again, O_WRONLY | O_APPEND | O_CLOEXEC);
			if (w >= 0) {
				opened++;
				if (write(w, "x", 1) < 0)
					opened += 1000;
				close(w);
			}
			close(fd);
		}
		if (dir)
			closedir(dir);
	}
	printf("attack: seen %ld writable %ld\n", seen, opened);
	return 0;
}

/* Waits with a session keyring of that name which every user may search. */
static int do_keyring(const char *name)
{
	long key = syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, name);

	if (key < 0 || syscall(SYS_keyctl, 5 /* KEYCTL_SETPERM */, key, 0x3f3f3f3f) < 0) {
		perror("keyring");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	return pause();
}

static int do_swap(const char *a, const char *b, const char *seconds)
{
	time_t end = deadline(seconds);

	while (time(NULL) < end)
		for (int i = 0; i < 1000; i++)
			if (renameat2(AT_FDCWD, a, AT_FDCWD, b, 2 /* RENAME_EXCHANGE */)) {
				perror("swap");
				return 1;
			}
	return 0;
}

static int dgram(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strncpy(ret->sun_path, path, sizeof(ret->sun_path) - 1);
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int do_notify(char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to;
	struct iovec iov = { text, 0 };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	int sock = dgram(path ? path : "", &to), fd = 0;

	for (char *p; (p = strstr(text, "\\n"));) {
		*p = '\n';
		memmove(p + 1, p + 2, strlen(p + 1));
	}
	iov.iov_len = strlen(text);
	struct msghdr m = { .msg_name = &to,
			    .msg_namelen = sizeof(to),
			    .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(sock, &m, 0) < 0) {
		perror("notify");
		return 1;
	}
	return 0;
}

static int do_manager(const char *path)
{
	struct sockaddr_un at;
	int sock = dgram(path, &at);
	char text[8192];
	ssize_t n;

	if (bind(sock, (struct sockaddr *)&at, sizeof(at)) < 0)
		return 1;
	puts("up");
	fflush(stdout);
	while ((n = recv(sock, text, sizeof(text), 0)) >= 0) {
		printf("%.*s--\n", (int)n, text);
		fflush(stdout);
	}
	return 1;
}

static int do_deaf(const char *path)
{
	struct sockaddr_un at;
	int sock, r = 0;

	close(dgram(path, &at));
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(sock, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(sock, 0) < 0)
		return 1;
	while (r == 0)
		r = connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
			    (struct sockaddr *)&at, sizeof(at));
	puts(errno == EAGAIN ? "full" : "cannot be connected to");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "syscall") && argc > 2)
		return do_syscall(argc - 2, argv + 2);
	if (!strcmp(verb, "fds"))
		return do_fds();
	if (!strcmp(verb, "uids"))
		return do_uids();
	if (!strcmp(verb, "exit") && argc == 3)
		return (int)strtol(argv[2], NULL, 10);
	if (!strcmp(verb, "crash"))
		crash();
	if (!strcmp(verb, "leaderless"))
		return do_leaderless();
	if (!strcmp(verb, "pause"))
		return pause();
	if (!strcmp(verb, "tty-inject") && argc == 3)
		return do_inject(argv[2]);
	if (!strcmp(verb, "tree") && argc == 3)
		do_tree(strtol(argv[2], NULL, 10));
	if (!strcmp(verb, "attack-exe") && argc == 3)
		return do_attack(argv[2]);
	if (!strcmp(verb, "observe") && argc >= 3)
		return do_observe(argv[2], argc > 3);
	if (!strcmp(verb, "keyring") && argc == 3)
		return do_keyring(argv[2]);
	if (!strcmp(verb, "notify") && argc == 3)
		return do_notify(argv[2]);
	if (!strcmp(verb, "deaf") && argc == 3)
		return do_deaf(argv[2]);
	if (!strcmp(verb, "manager") && argc == 3)
		return do_manager(argv[2]);
	if (!strcmp(verb, "swap") && argc == 5)
		return do_swap(argv[2], argv[3], argv[4]);
	fprintf(stderr, "payload: what is '%s'?\n", verb);
	return 64;
}
