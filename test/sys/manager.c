/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acts like systemd towards one service: a socket that it listens on, NOTIFY_SOCKET, the watchdog
 * and the store of file descriptors. Starts the service again whenever it ends, until SIGTERM.
 *
 *	manager DIR PROGRAM [ARGUMENT]...   the sockets are DIR/agent.sock and DIR/notify
 *
 * Prints what happens, each in a line: "pid N", the lines of messages, "stored N" (descriptors).
 */
#include "sys/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { FIRST = 3, STORED_MAX = 4096, NAME_MAX_BYTES = 256 };

static struct {
	int fd;
	char name[NAME_MAX_BYTES];
} stored[STORED_MAX];
static int n_stored, listening, notify;
static pid_t service;
static volatile sig_atomic_t is_ending;

static void end(int sig)
{
	(void)sig;
	is_ending = 1;
	kill(service, SIGTERM);
}

/* Descriptors of ours are above those that the service gets. */
static int move_up(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST + STORED_MAX + 1);

	if (high < 0)
		die("move a descriptor");
	close(fd);
	return high;
}

static void start(char **argv)
{
	static char names[STORED_MAX * NAME_MAX_BYTES];
	char number[32];
	size_t n = (size_t)snprintf(names, sizeof(names), "tamis-agent.socket");

	service = fork();
	if (service < 0)
		die("fork");
	if (service > 0) {
		printf("pid %d\n", service);
		return;
	}
	if (dup2(listening, FIRST) < 0)
		_exit(126);
	for (int i = 0; i < n_stored; i++) {
		n += (size_t)snprintf(names + n, sizeof(names) - n, ":%s", stored[i].name);
		if (dup2(stored[i].fd, FIRST + 1 + i) < 0)
			_exit(126);
	}
	snprintf(number, sizeof(number), "%d", n_stored + 1);
	setenv("LISTEN_FDS", number, 1);
	setenv("LISTEN_FDNAMES", names, 1);
	snprintf(number, sizeof(number), "%d", getpid());
	setenv("LISTEN_PID", number, 1);
	setenv("WATCHDOG_PID", number, 1);
	setenv("WATCHDOG_USEC", "600000", 1);
	execvp(argv[0], argv);
	_exit(127);
}

static void forget(const char *name)
{
	for (int i = n_stored; i-- > 0;)
		if (!strcmp(stored[i].name, name)) {
			close(stored[i].fd);
			stored[i] = stored[--n_stored];
		}
	printf("stored %d\n", n_stored);
}

static void take_message(void)
{
	static char text[4096];
	union {
		char buf[CMSG_SPACE(8 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { text, sizeof(text) - 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.buf,
			      .msg_controllen = sizeof(control.buf) };
	ssize_t n = recvmsg(notify, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	char *name;

	if (n < 0)
		return;
	text[n] = 0;
	puts(text);
	name = strstr(text, "FDNAME=");
	name = name ? name + strlen("FDNAME=") : NULL;
	if (!strncmp(text, "FDSTOREREMOVE=1", 15) && name)
		forget(name);
	if (strncmp(text, "FDSTORE=1", 9) || !c || !name)
		return;
	for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
		snprintf(stored[n_stored].name, NAME_MAX_BYTES, "%.*s", NAME_MAX_BYTES - 1, name);
		stored[n_stored++].fd = move_up(fd);
	}
	printf("stored %d\n", n_stored);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = end };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char path[108];

	if (argc < 3)
		return 64;
	setlinebuf(stdout);
	sigaction(SIGTERM, &action, NULL);
	snprintf(path, sizeof(path), "%s/agent.sock", argv[1]);
	listening = move_up(serve_listen(path, "/dev/null"));
	snprintf(path, sizeof(path), "%s/notify", argv[1]);
	setenv("NOTIFY_SOCKET", path, 1);
	memcpy(addr.sun_path, path, strlen(path) + 1 < sizeof(addr.sun_path) ? strlen(path) : 0);
	notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notify < 0 || bind(notify, (struct sockaddr *)&addr, sizeof(addr)))
		die(path);
	notify = move_up(notify);
	start(argv + 2);
	for (;;) {
		struct pollfd p = { .fd = notify, .events = POLLIN };
		int status;

		if (poll(&p, 1, 20) > 0)
			take_message();
		else if (waitpid(service, &status, WNOHANG) == service) {
			printf("ended %d\n", status);
			if (is_ending)
				return 0;
			start(argv + 2);
		}
	}
}
