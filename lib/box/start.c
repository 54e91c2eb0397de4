/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The caller's end of the start channel. What must hold: start_go() returns success only when
 * the kernel says that execve closed the connection, and it always returns: init may be dead,
 * frozen, stopped, or killed by the very filter that it loads. What init writes into the page
 * is read as numbers and never trusted further: it may be under the image's influence.
 */
#include "box/start.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/sys.h"
#include "base/words.h"
#include "box/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* 6.3 */
#endif

/* CRI-O reads once, into a buffer of 16384 bytes. */
enum { PROCESS_STATE_MAX = 16383, PAGE_BYTES = 4096, BACKLOG = 64 };

static const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "start.sock" };

/* Calls bind(2) or connect(2) with the directory as working directory: its path may be longer
 * than sun_path. */
static int in_directory(int dir, int sock, int (*call)(int, const struct sockaddr *, socklen_t))
{
	autofd cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (cwd < 0 || fchdir(dir) < 0)
		return -errno;
	int r = call(sock, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;

	return fchdir(cwd) < 0 ? -errno : r;
}

int start_listen(int statedir, int *ret)
{
	autofd sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return fail(errno, "start.sock: make a socket");
	int r = in_directory(statedir, sock, bind);

	if (r < 0)
		return fail(-r, "start.sock: bind");
	if (listen(sock, BACKLOG) < 0)
		return fail(errno, "start.sock: listen");
	*ret = take_fd(&sock);
	return 0;
}

/* Connected; -EAGAIN: init listens, but in that time it came to none of those before us. A
 * timeout of 0 does not wait. Silent. */
static int connect_start(int statedir, int timeout_ms)
{
	const struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	autofd sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || (timeout_ms == 0 && fcntl(sock, F_SETFL, O_NONBLOCK) < 0) ||
	    setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) < 0)
		return -errno;
	int r = in_directory(statedir, sock, connect);

	return r < 0 ? r : take_fd(&sock);
}

int start_is_waiting(int statedir)
{
	autofd sock = connect_start(statedir, 0);

	if (sock >= 0 || sock == -EAGAIN)
		return 1;
	return sock == -ECONNREFUSED || sock == -ENOENT ? 0 : sock;
}

struct start {
	const struct start_request *request;
	int conn;
	int agent; /* connection to the seccomp agent, from init */
	struct start_page *page;
};

static uint32_t stage_of(const struct start *s)
{
	return __atomic_load_n(&s->page->stage, __ATOMIC_ACQUIRE);
}

static bool is_dead(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Maps a page whose size nobody can change (a shrunk one would end us with SIGBUS). */
static int make_page(struct start *s)
{
	autofd fd = memfd_create("start", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("start", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || ftruncate(fd, PAGE_BYTES) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	s->page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s->page == MAP_FAILED)
		return -errno;
	return take_fd(&fd);
}

/* Connects and sends the page at once: init, woken by the first, need not sleep again. */
static int send_go(struct start *s)
{
	autofd page = make_page(s);

	if (page < 0)
		return fail(-page, "start: make the shared page");
	int r = s->conn = connect_start(s->request->statedir, s->request->timeout_ms);

	if (r == -ECONNREFUSED || r == -ENOENT)
		return fail(0, "container is not waiting to be started: it runs already or ended");
	if (r == -EAGAIN)
		return fail(0, "container's init does not answer (frozen or stopped?)");
	if (r < 0)
		return fail(-r, "start.sock: connect");
	r = msg_send(s->conn, START_GO, 0, NULL, &page, 1);
	if (r == -EPIPE || r == -ECONNRESET)
		return fail(0, "container was started or killed by somebody else meanwhile");
	return r < 0 ? fail(-r, "start: talk to the container's process") : 0;
}

/* containerProcessState with the listener, in one message with one descriptor. */
static int send_listener(struct start *s, int listener)
{
	const char *text = s->request->process_state;
	size_t n = strlen(text);

	if (n > PROCESS_STATE_MAX)
		return fail(0,
			    "seccomp agent: found a state of %zu bytes, expected at most %d "
			    "(annotations?)",
			    n, PROCESS_STATE_MAX);
	int r = msg_send_fd(s->agent, text, n, listener);

	return r < 0 ? fail(-r, "seccomp agent: send the listener") : 0;
}

/*
 * Init is past all system calls and spins, so there is no event to wait for: look at the page
 * with short sleeps in between, which also leave it the processor if there is only one.
 */
static int await_listener(struct start *s, int64_t deadline)
{
	const struct timespec pause = { .tv_nsec = 20000 };

	while (stage_of(s) == START_LOADING) {
		if (is_dead(s->request->pidfd) || sys_now_ms() > deadline)
			break;
		nanosleep(&pause, NULL);
	}
	return stage_of(s) == START_LISTENER ? 0 : -EAGAIN;
}

static int hand_over(struct start *s, int64_t deadline)
{
	if (await_listener(s, deadline) < 0)
		return 0; /* the verdict says why */
	int fd = __atomic_load_n(&s->page->listener, __ATOMIC_ACQUIRE);
	autofd listener = sys_pidfd_getfd(s->request->pidfd, fd);
	int r = 0;

	if (listener < 0)
		r = fail(errno, "seccomp listener: fetch it from the container's process");
	else if (s->agent < 0)
		r = fail(0, "seccomp agent: the container's process has no connection to it");
	else
		r = send_listener(s, listener);
	fd_close(&s->agent);
	__atomic_store_n(&s->page->go, r < 0 ? START_GIVE_UP : START_RUN, __ATOMIC_RELEASE);
	return r;
}

/* Words that engines know for what execve(2) says about the user's program. */
static int exec_failed(const char *program, int error)
{
	switch (error) {
	case ENOENT:
		return fail(0, "exec %s: " WORDS_NO_FILE, program);
	case EACCES:
		return fail(0, "exec %s: " WORDS_PERMISSION, program);
	case ENOEXEC:
		return fail(0, "exec %s: exec format error", program);
	default:
		return fail(error, "exec %s", program);
	}
}

static int stage_failed(struct start *s)
{
	uint32_t stage = __atomic_load_n(&s->page->stage_failed, __ATOMIC_ACQUIRE);
	int error = __atomic_load_n(&s->page->error, __ATOMIC_ACQUIRE);

	if (error <= 0 || error > 4095)
		error = EIO;
	if (stage == START_EXECING)
		return exec_failed(s->request->program, error);
	if (stage == START_LOADING)
		return fail(error, "linux.seccomp: load the filter");
	return fail(error, "start: seccomp listener was not taken over");
}

/* The name of the task, "" if it is gone: 0 or -errno. */
static int read_comm(int pidfd, struct text *ret)
{
	autofd proc = procfs_open();
	struct text info;
	const char *pid, *end;
	uint64_t n;

	if (proc < 0) {
		err_clear();
		return proc;
	}
	int r = procfs_read(proc, arena_printf("self/fdinfo/%d", pidfd), &info);

	if (r < 0)
		return r;
	pid = strstr(info.data, "Pid:\t");
	if (!pid || num_scan_u64(pid + 5, &end, &n) < 0)
		return -ESRCH;
	return procfs_read(proc, arena_printf("%ju/comm", (uintmax_t)n), ret);
}

/*
 * The connection ended behind EXECING: execve closed it, or the end of the process did, whose
 * pidfd says so only later. A process that lives has its descriptor 0, most times, and one
 * that ends has none. For the rest: the kernel gives a task the program's name in execve,
 * and a zombie keeps its name. What ended and was reaped already did run, for all we know.
 */
static int after_execve(int pidfd, const char *program)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	autofd fd = sys_pidfd_getfd(pidfd, 0);
	siginfo_t how = { 0 };
	struct text comm;

	if (fd >= 0)
		return 0;
	/* Where it is our own child: who ends of its own will was past execve. */
	if (waitid(P_PIDFD, (id_t)pidfd, &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    how.si_code == CLD_EXITED)
		return 0;
	for (int i = 0; i < 1000; i++) {
		bool dead = is_dead(pidfd);

		if (read_comm(pidfd, &comm) < 0 || strcmp(comm.data, START_COMM "\n") != 0)
			return 0;
		if (dead)
			break;
		nanosleep(&pause, NULL);
	}
	return fail(0,
		    "exec %s: killed in execve: the seccomp profile does not allow it, or "
		    "there was no memory",
		    program);
}

/* The connection is closed, or init is dead. */
static int verdict(struct start *s)
{
	bool dead = is_dead(s->request->pidfd);

	switch (stage_of(s)) {
	case START_EXECING:
		return after_execve(s->request->pidfd, s->request->program);
	case START_FAILED:
		return stage_failed(s);
	case START_HOOKS:
		return fail(0,
			    "start: container's process was killed while startContainer hooks ran");
	case START_LOADING:
	case START_LISTENER:
		return fail(0, "start: container's process was killed while the filter was loaded");
	default:
		if (dead)
			return fail(0, "start: container's process was killed");
		return fail(0, "container was started by somebody else meanwhile");
	}
}

static int timed_out(struct start *s)
{
	static const char *const at[] = {
		[START_WAITING] = "it does not answer (frozen or stopped?)",
		[START_HOOKS] = "in startContainer hooks",
		[START_LOADING] = "loading the filter",
		[START_LISTENER] = "waiting for the seccomp agent",
		[START_EXECING] = "in execve",
		[START_FAILED] = "ending",
	};
	uint32_t stage = stage_of(s);

	return fail(0, "start: container's process did not start %s within %d ms: %s",
		    s->request->program, s->request->timeout_ms,
		    stage < ARRAY_LEN(at) ? at[stage] : "it wrote nonsense");
}

/* One message of init. 1: go on; 0: end of file; -errno, reported. */
static int take_message(struct start *s, int64_t deadline)
{
	struct msg m;
	int r = msg_recv(s->conn, &m);

	if (r == 0)
		return 0;
	if (r < 0)
		return fail(-r, "start: listen to the container's process");
	if (m.type == START_ANSWER && s->agent < 0)
		s->agent = take_fd(&m.fds[0]);
	if (m.type == START_SDNOTIFY && s->request->sdnotify && *s->request->sdnotify < 0)
		*s->request->sdnotify = take_fd(&m.fds[0]);
	for (int i = 0; i < MSG_FDS_MAX; i++)
		fd_close(&m.fds[i]);
	if (m.type == START_ERROR)
		return fail_received(m.code < 0 ? m.code : -EIO, m.text);
	if (m.type == START_ABOUT && s->request->notify) {
		r = hand_over(s, deadline);
		return r < 0 ? r : 1;
	}
	return 1;
}

static int converse(struct start *s)
{
	struct pollfd fds[2] = { { .fd = s->conn, .events = POLLIN },
				 { .fd = s->request->pidfd, .events = POLLIN } };
	int64_t deadline = sys_now_ms() + s->request->timeout_ms;

	for (;;) {
		int64_t left = deadline - sys_now_ms();
		int r = poll(fds, 2, left < 0 ? 0 : (int)left);

		if (r < 0 && errno != EINTR)
			return fail(errno, "start: poll");
		if (r == 0 && stage_of(s) == START_HOOKS) { /* they have their own timeouts */
			deadline = sys_now_ms() + s->request->timeout_ms;
			continue;
		}
		if (r == 0)
			return timed_out(s);
		if (r > 0 && fds[0].revents) {
			r = take_message(s, deadline);
			if (r == 0)
				return verdict(s);
			if (r < 0)
				return r;
		} else if (r > 0 && fds[1].revents) {
			return verdict(s);
		}
	}
}

int start_go(const struct start_request *request)
{
	struct start s = { .request = request, .conn = -1, .agent = -1 };
	int r = send_go(&s);

	if (request->closing)
		fd_close(request->closing);
	if (r == 0)
		r = converse(&s);
	fd_close(&s.agent);
	fd_close(&s.conn);
	if (s.page && s.page != MAP_FAILED)
		munmap(s.page, PAGE_BYTES);
	return r;
}

int start_page_make(struct start_page **ret)
{
	void *page =
		mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return fail(errno, "make the shared page");
	*ret = page;
	(*ret)->stage = START_LOADING; /* its process has no other stage before */
	return 0;
}

int start_follow(const struct start_request *request, int conn, int agent, struct start_page *page)
{
	struct start s = { .request = request, .conn = conn, .agent = agent, .page = page };
	int r = converse(&s);

	fd_close(&s.agent);
	return r;
}
