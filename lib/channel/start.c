/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The caller's end of the start channel.
 *
 * What must hold: start_go() returns success only if the kernel confirms that execve(2) closed the
 * descriptor. It always returns, whether init has ended or is frozen, stopped, traced, or killed by
 * the filter that it loads. A signal that someone sends because he has seen the program run does
 * not kill it (interrupt.h). The container may influence init, so what init writes into the page is
 * used as numbers only, and its descriptors are fetched by fetch.h.
 */
#include "channel/start.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/sys.h"
#include "base/words.h"
#include "channel/fetch.h"
#include "channel/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	/* CRI-O reads once, into a buffer of 16384 bytes. */
	PROCESS_STATE_MAX = 16383,
	/* Interval at which the state of a silent process is checked. */
	SLICE_MS = 20,
};

static const char page_name[] = "start.page", fifo_name[] = "start.fifo";

static struct start_page *map_page(int fd)
{
	struct stat st;
	const int share = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;

	if (fd >= 0 &&
	    (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < SYS_PAGE_BYTES)) {
		errno = EBADMSG;
		return NULL;
	}
	void *page = mmap(NULL, SYS_PAGE_BYTES, PROT_READ | PROT_WRITE, share, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

int start_page_make(struct start_page **ret)
{
	*ret = map_page(-1);
	if (!*ret)
		return fail(errno, "make the shared page");
	(*ret)->sdnotify = (*ret)->listener = -1;
	return 0;
}

int start_make(int statedir, struct start_page **ret, int *ret_fifo)
{
	const union {
		struct start_page page;
		char bytes[SYS_PAGE_BYTES];
	} fresh = { .page = { .sdnotify = -1, .listener = -1 } };
	int r = io_write_new(statedir, page_name, fresh.bytes, sizeof(fresh), 0600);
	autofd fd = r < 0 ? r : openat(statedir, page_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (r < 0 || fd < 0)
		return fail(r < 0 ? -r : errno, "%s: make it", page_name);
	*ret = map_page(fd);
	if (!*ret)
		return fail(errno, "%s: map it", page_name);
	if (mkfifoat(statedir, fifo_name, 0600) < 0)
		return fail(errno, "%s: make it", fifo_name);
	/* O_RDWR opens a FIFO without waiting for the other end (fifo(7)) */
	*ret_fifo = openat(statedir, fifo_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	return *ret_fifo < 0 ? fail(errno, "%s: open it", fifo_name) : 0;
}

static int open_fifo(int statedir)
{
	struct stat st;
	autofd fd = openat(statedir, fifo_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISFIFO(st.st_mode) ? take_fd(&fd) : -EBADMSG;
}

/* fifo(7): read(2) returns 0 without a writer, and EAGAIN if a writer has written nothing. */
static int has_writer(int fifo)
{
	char byte;
	ssize_t n = read(fifo, &byte, 1);

	return n > 0 || (n < 0 && errno == EAGAIN) ? 1 : n == 0 ? 0 : -errno;
}

int start_is_waiting(int statedir)
{
	autofd fifo = open_fifo(statedir);

	return fifo >= 0 ? has_writer(fifo) : fifo == -ENOENT ? 0 : fifo;
}

struct start {
	const struct start_request *request;
	int conn; /* hangs up when the program runs */
	struct start_page *page;
};

static uint32_t stage_of(const struct start_page *page)
{
	return __atomic_load_n(&page->stage, __ATOMIC_ACQUIRE);
}

static bool is_dead(int pidfd)
{
	return fd_wait(pidfd, POLLIN, 0) > 0;
}

static void take_sdnotify(struct start *s)
{
	int *ret = s->request->sdnotify;
	int fd = __atomic_load_n(&s->page->sdnotify, __ATOMIC_ACQUIRE);

	if (ret && *ret < 0 && fd >= 0)
		*ret = fetch_descriptor(s->request->pidfd, fd, FETCH_DATAGRAMS);
}

static int send_go(struct start *s)
{
	int dir = s->request->statedir;
	autofd page = openat(dir, page_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (page < 0)
		return fail(errno, "%s: open it", page_name);
	s->page = map_page(page);
	if (!s->page)
		return fail(errno, "%s: map it", page_name);
	s->conn = open_fifo(dir);
	if (s->conn < 0)
		return fail(-s->conn, "%s: open it", fifo_name);
	int r = has_writer(s->conn);

	if (r == 0)
		return fail(0, "container is not waiting to be started: it runs already or ended");
	if (r < 0)
		return fail(-r, "%s: read it", fifo_name);
	take_sdnotify(s);
	__atomic_store_n(&s->page->go, START_RUN, __ATOMIC_RELEASE);
	(void)sys_futex_wake(&s->page->go);
	return 0;
}

/* Sends containerProcessState and the listener in one message with one descriptor. */
static int send_listener(struct start *s, int listener)
{
	const char *text = s->request->process_state;
	size_t n = strlen(text);

	if (n > PROCESS_STATE_MAX)
		return fail(0,
			    "seccomp agent: found a state of %zu bytes, expected at most %d "
			    "(annotations?)",
			    n, PROCESS_STATE_MAX);
	int r = msg_send_fd(*s->request->agent, text, n, listener);

	return r < 0 ? fail(-r, "seccomp agent: send the listener") : 0;
}

static int hand_over(struct start *s)
{
	int fd = __atomic_load_n(&s->page->listener, __ATOMIC_ACQUIRE);
	autofd listener = fetch_descriptor(s->request->pidfd, fd, FETCH_LISTENER);
	int r = listener < 0
			? fail(-listener, "seccomp listener: fetch it from the container's process")
			: send_listener(s, listener);

	/* the agent may read until end of file, which must not wait for execve(2) */
	fd_close(s->request->agent);
	__atomic_store_n(&s->page->verdict, r < 0 ? START_GIVE_UP : START_RUN, __ATOMIC_RELEASE);
	return r;
}

/* Engines know these words for the errors of execve(2) about the user's program. */
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

int start_failure(const struct start_page *page, const char *program)
{
	static const char *const what[] = {
		[START_SETUP] = "exchange messages with the parent",
		[START_CLONING] = "make the process in the container's PID namespace",
		[START_SESSION] = "make a session",
		[START_TERMINAL] = "process.terminal: TIOCSCTTY",
		[START_WAITING] = "start: wait for the start command",
		[START_LIMITS] = "process.rlimits: cannot be set",
		[START_LOADING] = "linux.seccomp: load the filter",
		[START_LISTENER] = "start: the seccomp listener was not fetched",
	};

	if (stage_of(page) != START_FAILED)
		return 0;
	uint32_t stage = __atomic_load_n(&page->stage_failed, __ATOMIC_ACQUIRE);
	int error = __atomic_load_n(&page->error, __ATOMIC_ACQUIRE);

	if (error <= 0 || error > 4095)
		error = EIO;
	if (stage == START_EXECING)
		return exec_failed(program, error);
	if (stage == START_LOADING && error == EMFILE)
		return fail(0,
			    "linux.seccomp: no descriptor left for the listener: expected a higher "
			    "RLIMIT_NOFILE, or a profile that allows prlimit64");
	return fail(error, "%s", stage < ARRAY_LEN(what) && what[stage] ? what[stage] : "start");
}

/* Reads /proc/PID/file of the process behind pidfd. Returns 0 or -errno. Silent. */
static int read_of(int pidfd, const char *file, struct text *ret)
{
	autofd proc = procfs_open();

	if (proc < 0) {
		err_clear();
		return proc;
	}
	pid_t pid = procfs_pidfd_process(proc, pidfd);

	return pid ? procfs_read(proc, arena_printf("%d/%s", (int)pid, file), ret) : -ESRCH;
}

void start_continue(int pidfd, bool *ret_traced)
{
	struct text stat;

	*ret_traced = false;
	if (read_of(pidfd, "stat", &stat) < 0)
		return;
	const char *state = identity_stat_field(stat.data, 3);

	*ret_traced = state && *state == 't';
	if (state && *state == 'T')
		(void)sys_pidfd_send_signal(pidfd, SIGCONT);
}

/*
 * proc(5) stat, field 9: the kernel flags of the task. PF_FORKNOEXEC is cleared by execve(2) and by
 * nothing else.
 */
bool start_has_executed(int pidfd)
{
	enum { FORKNOEXEC = 0x40 };
	struct text stat;
	uint64_t flags;

	if (read_of(pidfd, "stat", &stat) < 0)
		return false;
	const char *at = identity_stat_field(stat.data, 9), *end;

	return at && num_scan_u64(at, &end, &flags) == 0 && !(flags & FORKNOEXEC);
}

/*
 * The descriptor hung up after START_EXECING: either execve(2) closed it or the process ended,
 * which its pidfd shows only later.
 *
 * Evidence for execve(2) is, besides the flag, the task name: execve(2) sets it to the program's,
 * and a zombie keeps it. A process that has ended and was reaped counts as having run. Its
 * descriptors are not inspected: they belong to the container, and closing our copy could wait for
 * a file system that the container serves (flush of FUSE).
 */
static int after_execve(int pidfd, const char *program)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	siginfo_t how = { 0 };
	struct text comm;

	if (start_has_executed(pidfd))
		return 0;
	/* For a child of the caller: a process that exited by itself was past execve(2). */
	if (waitid(P_PIDFD, (id_t)pidfd, &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    how.si_code == CLD_EXITED)
		return 0;
	for (int i = 0; i < 1000; i++) {
		bool dead = is_dead(pidfd);

		if (read_of(pidfd, "comm", &comm) < 0 || strcmp(comm.data, START_COMM "\n") != 0)
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

/* Determines the result when the descriptor has hung up or init has ended. */
static int verdict(struct start *s)
{
	bool dead = is_dead(s->request->pidfd);
	int r = start_failure(s->page, s->request->program);

	if (r < 0)
		return r;
	switch (stage_of(s->page)) {
	case START_EXECING:
		return after_execve(s->request->pidfd, s->request->program);
	case START_LOADING:
	case START_LISTENER:
		return fail(0, "start: container's process was killed while the filter was loaded");
	default:
		if (dead)
			return fail(0, "start: container's process was killed");
		return fail(0, "container was started by another command in the meantime");
	}
}

static int timed_out(struct start *s, bool traced)
{
	static const char *const at[] = {
		[START_SETUP] = "before it was ready",
		[START_CLONING] = "making its process",
		[START_SESSION] = "making a session",
		[START_TERMINAL] = "taking its terminal",
		[START_WAITING] = "it does not answer",
		[START_LIMITS] = "setting its limits",
		[START_LOADING] = "loading the filter",
		[START_LISTENER] = "waiting for the seccomp agent",
		[START_EXECING] = "in execve",
		[START_FAILED] = "ending",
	};
	uint32_t stage = stage_of(s->page), run = START_RUN;

	/* If init has not seen START_RUN yet, it must not continue after this error is reported. */
	(void)__atomic_compare_exchange_n(&s->page->go, &run, START_HOLD, false, __ATOMIC_ACQ_REL,
					  __ATOMIC_ACQUIRE);
	return fail(0, "start: container's process did not start %s within %d ms: %s (%s)",
		    s->request->program, s->request->timeout_ms,
		    stage < ARRAY_LEN(at) ? at[stage] : "it reported an unknown stage",
		    traced ? "a tracer in the container holds it" : "frozen or stopped?");
}

/* Checks what has no event. Returns 0 to continue waiting, or a reported error. */
static int look_at_page(struct start *s, bool *handed)
{
	if (stage_of(s->page) == START_FAILED) /* a tracer may keep the process from ending */
		return start_failure(s->page, s->request->program);
	if (!s->request->agent || *handed || stage_of(s->page) != START_LISTENER)
		return 0;
	*handed = true;
	return hand_over(s);
}

/*
 * Waits for the result. While init waits for its listener to be fetched, and when it fails, it
 * makes no system call, so there is no event. The page is checked at intervals.
 */
static int converse(struct start *s)
{
	const struct timespec soon = { .tv_nsec = 100000 },
			      slice = { .tv_nsec = SLICE_MS * 1000000L };
	/* no events requested: only the hang-up counts */
	struct pollfd fds[2] = { { .fd = s->conn }, { .fd = s->request->pidfd, .events = POLLIN } };
	int64_t deadline = sys_now_ms() + s->request->timeout_ms, look = sys_now_ms() + SLICE_MS;
	bool handed = false, traced = false;

	for (;;) {
		int n = ppoll(fds, 2, s->request->agent && !handed ? &soon : &slice, NULL);
		int64_t now = sys_now_ms();

		if (n < 0 && errno != EINTR)
			return fail(errno, "start: wait for the container's process");
		if (n > 0)
			return verdict(s);
		int r = look_at_page(s, &handed);

		if (r < 0)
			return r;
		if (now >= deadline)
			return timed_out(s, traced);
		if (now >= look) {
			/*
			 * a process inside may hold a copy of the descriptor that execve(2) closes
			 */
			if (stage_of(s->page) == START_EXECING &&
			    start_has_executed(s->request->pidfd))
				return 0;
			start_continue(s->request->pidfd, &traced);
			look = now + SLICE_MS;
		}
	}
}

/* Waits for the result. From success on, a signal does not kill the process any more. */
static int follow(struct start *s)
{
	interrupt_spare_after(s->conn);
	int r = converse(s);

	if (r == 0)
		interrupt_watch(INTERRUPT_INIT, -1);
	interrupt_spare_after(-1);
	return r;
}

int start_go(const struct start_request *request)
{
	struct start s = { .request = request, .conn = -1 };
	int r = send_go(&s);

	if (request->closing)
		fd_close(request->closing);
	if (r == 0)
		r = follow(&s);
	fd_close(&s.conn);
	if (s.page)
		munmap(s.page, SYS_PAGE_BYTES);
	return r;
}

int start_follow(const struct start_request *request, int conn, struct start_page *page)
{
	struct start s = { .request = request, .conn = conn, .page = page };

	return follow(&s);
}
