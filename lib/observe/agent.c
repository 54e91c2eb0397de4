/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the supervisor's loop. What must hold: every notification gets the answer of the profile, or
 * the call stays denied. Nothing that a container does makes this process wait for it: what is read
 * from a stopped process is read by another one (reader.h). Memory and log are bounded
 * (denial_table.h), whatever the number of denials.
 */
#include "observe/agent.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"
#include "channel/procfs.h"
#include "observe/denial_table.h"
#include "observe/denial_write.h"
#include "observe/listener.h"
#include "observe/penalty.h"
#include "observe/reader.h"
#include "observe/scene.h"
#include "seccomp/bpf.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	LISTENERS_MAX = 1024, /* of processes that exec made and that run at the same time */
	/* interval at which changed counts are written: doubles until there is a new kind */
	COUNTS_MS = 5000,
	COUNTS_LONGEST_MS = 3600 * 1000,
	WATCH_MS = 1000, /* for so long it is observed whether a program lives on */
	WATCHED_MAX = 64,
};

struct agent {
	const struct agent_options *o;
	struct listener listener;
	struct reader reader;
	int proc; /* from procfs_open() */
	struct denial_table table;
	size_t n_listeners, n_watched;
	int listeners[LISTENERS_MAX];
	bool init_ended, changed;
	bool no_descriptors; /* accept(2) failed: it is tried again after WATCH_MS / 4 */
	int64_t counts_due, watch_due;
	int counts_ms; /* the present interval */
};

/* Far too large for a stack. */
static struct agent agent;

/* --- the log ------------------------------------------------------------------------------ */

static void write_counts(struct agent *a, bool ended)
{
	struct denial_count *v = arena_array(a->table.n + 1, sizeof(*v));
	struct timespec now;

	if (a->o->log < 0 || (!a->changed && !ended))
		return;
	for (size_t i = 0; i < a->table.n; i++)
		v[i] = (struct denial_count){ (uint32_t)i + 1, a->table.entries[i].count,
					      a->table.entries[i].lived };
	clock_gettime(CLOCK_REALTIME, &now);
	const struct denial_counts counts = { a->table.n, v, a->table.unlogged, ended };
	const struct text line = denial_write_counts(
		a->o->container, denial_write_time(now.tv_sec, (uint32_t)now.tv_nsec), &counts);

	io_write_best(a->o->log, line.data, line.len);
	a->changed = false;
	a->counts_ms = 2 * a->counts_ms < COUNTS_LONGEST_MS ? 2 * a->counts_ms : COUNTS_LONGEST_MS;
	a->counts_due = sys_now_ms() + a->counts_ms;
}

static void report(struct agent *a, uint32_t id, const struct denial *d, struct denial_scene *scene)
{
	struct timespec now;

	if (d->reason == DENIAL_UNKNOWN)
		return; /* C libraries try new calls and then use older ones */
	clock_gettime(CLOCK_REALTIME, &now);
	scene->container = a->o->container;
	scene->seconds = now.tv_sec;
	scene->nanoseconds = (uint32_t)now.tv_nsec;
	if (a->o->log >= 0) {
		const struct text line = denial_write_json(id, d, scene);

		io_write_best(a->o->log, line.data, line.len);
	}
	if (a->o->text >= 0) {
		const char *line = denial_write_text(d, scene);

		io_write_best(a->o->text, line, strlen(line));
	}
}

static void summarise(const struct agent *a)
{
	uint64_t n = a->table.unlogged;

	for (size_t i = 0; i < a->table.n; i++)
		n += a->table.entries[i].count;
	if (a->o->text < 0 || n == 0)
		return;
	const char *line = arena_printf(
		"%s: %ju call%s denied, of %zu kind%s%s\n", a->o->container, (uintmax_t)n,
		n == 1 ? "" : "s", a->table.n, a->table.n == 1 ? "" : "s",
		a->table.unlogged ? " and more, which were not logged" : "");

	io_write_best(a->o->text, line, strlen(line));
}

/* --- whether programs live on --------------------------------------------------------------- */

static void watch(struct agent *a, struct denial_entry *entry, pid_t pid)
{
	if (entry->lived || entry->pidfd >= 0 || a->n_watched == WATCHED_MAX)
		return;
	entry->pidfd = sys_pidfd_open(pid, 0);
	if (entry->pidfd < 0)
		entry->pidfd = -1;
	else
		a->n_watched++;
	entry->deadline = sys_now_ms() + WATCH_MS;
}

static void end_watches(struct agent *a)
{
	int64_t now = a->n_watched ? sys_now_ms() : 0;

	if (now < a->watch_due)
		return;
	a->watch_due = now + WATCH_MS / 10;
	for (size_t i = 0; i < a->table.n && a->n_watched; i++) {
		struct denial_entry *entry = &a->table.entries[i];

		if (entry->pidfd < 0)
			continue;
		bool ended = fd_wait(entry->pidfd, POLLIN, 0) == 1;

		if (!ended && now < entry->deadline)
			continue;
		entry->lived |= !ended;
		a->changed |= !ended;
		fd_close(&entry->pidfd);
		a->n_watched--;
	}
}

/* --- calls -------------------------------------------------------------------------------- */

static struct denial_entry *look_closely(struct agent *a, const struct seccomp_notif *call,
					 uint8_t deciding)
{
	struct denial_scene scene;
	struct denial denial;
	bool new;

	if (a->table.n == DENIAL_TABLE_ENTRIES)
		return NULL; /* it is counted, and nothing is read for it */
	denial_explain(a->o->profile, &call->data, &denial);
	scene_read(&a->reader, (pid_t)call->pid, &denial, &scene);
	const char *caller = arena_printf("%s+%#jx", scene.file, (uintmax_t)scene.offset);
	struct denial_entry *entry = denial_table_enter(&a->table, (pid_t)call->pid, &call->data,
							deciding, scene.program, caller, &new);

	if (entry && new) {
		a->counts_ms = COUNTS_MS;
		report(a, (uint32_t)(entry - a->table.entries) + 1, &denial, &scene);
	}
	return entry;
}

static void give_answer(struct agent *a, int fd, uint64_t id, uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO: {
		int error = (int)(answer & SECCOMP_RET_DATA);

		/* as the kernel: MAX_ERRNO */
		(void)!listener_answer(&a->listener, fd, id, error > 4095 ? 4095 : error);
		return;
	}
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
		(void)penalty_give(&a->listener, fd, a->proc, answer);
		return;
	default: /* not a denial: then the filter does not notify, unless it is another's */
		(void)!listener_answer(&a->listener, fd, id, ENOSYS);
	}
}

static int handle_call(struct agent *a, int fd)
{
	struct arena_mark mark = arena_mark();
	const struct denial_profile *p = a->o->profile;
	const struct seccomp_notif *call = a->listener.call;
	int r = listener_receive(&a->listener, fd);

	if (r <= 0)
		return r;
	uint32_t answer = bpf_run(p->program.code, p->program.len, &call->data, NULL);
	uint8_t deciding = denial_deciding(p, &call->data);
	struct denial_entry *entry =
		denial_table_recent(&a->table, (pid_t)call->pid, &call->data, deciding);

	if (!entry)
		entry = look_closely(a, call, deciding);
	if (entry) {
		entry->count++;
		watch(a, entry, (pid_t)call->pid);
	} else {
		a->table.unlogged++;
	}
	a->changed = true;
	give_answer(a, fd, call->id, answer);
	(void)arena_release(mark, NULL, 0);
	return 0;
}

/* --- listeners ---------------------------------------------------------------------------- */

/* Receives the descriptor of a message; its text is containerProcessState, which is not needed. */
static int receive_listener(int conn)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char text[16384];
	struct iovec v = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	int fd = -1;

	if (fd_wait(conn, POLLIN, WATCH_MS) != 1 || recvmsg(conn, &m, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	const struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* The socket is in the state directory, so only processes of its owner can connect. */
static void accept_listener(struct agent *a)
{
	autofd conn = accept4(a->o->sock, NULL, NULL, SOCK_CLOEXEC);

	a->no_descriptors = conn < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM);
	autofd fd = conn < 0 ? -1 : receive_listener(conn);

	if (fd < 0 || a->n_listeners == LISTENERS_MAX)
		return; /* closed, so that the calls get ENOSYS */
	listener_hurry(fd);
	a->listeners[a->n_listeners++] = take_fd(&fd);
}

static void drop_listener(struct agent *a, size_t i)
{
	fd_close(&a->listeners[i]);
	a->listeners[i] = a->listeners[--a->n_listeners];
}

/* --- the loop ----------------------------------------------------------------------------- */

static int timeout_of(const struct agent *a)
{
	if (a->n_watched || a->no_descriptors)
		return WATCH_MS / 4;
	return a->changed ? a->counts_ms : -1;
}

static void handle_events(struct agent *a, const struct pollfd *fds, size_t n)
{
	/* backwards, because dropping a listener moves the last one */
	for (size_t i = n; i-- > 2;) {
		if (fds[i].revents & POLLIN && handle_call(a, fds[i].fd) < 0)
			drop_listener(a, i - 2);
		else if (fds[i].revents & (POLLHUP | POLLERR) && !(fds[i].revents & POLLIN))
			drop_listener(a, i - 2);
	}
	if (fds[1].revents & POLLIN)
		a->init_ended = true;
	if (fds[0].revents & POLLIN || a->no_descriptors)
		accept_listener(a);
}

static bool is_done(const struct agent *a, const struct pollfd *fds)
{
	return a->init_ended && a->n_listeners == 0 && !(fds[0].revents & POLLIN);
}

static int serve(struct agent *a)
{
	struct pollfd *fds = arena_array(LISTENERS_MAX + 2, sizeof(*fds));

	for (;;) {
		fds[0] = (struct pollfd){ .fd = a->no_descriptors ? -1 : a->o->sock,
					  .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = a->init_ended ? -1 : a->o->init, .events = POLLIN };
		for (size_t i = 0; i < a->n_listeners; i++)
			fds[i + 2] = (struct pollfd){ .fd = a->listeners[i], .events = POLLIN };
		size_t n = a->n_listeners + 2;

		if (poll(fds, n, a->init_ended && n == 2 ? 0 : timeout_of(a)) < 0 && errno != EINTR)
			return fail(errno, "wait for denied calls");
		handle_events(a, fds, n);
		end_watches(a);
		if (a->changed && sys_now_ms() >= a->counts_due) {
			struct arena_mark mark = arena_mark();

			write_counts(a, false);
			(void)arena_release(mark, NULL, 0);
		}
		if (is_done(a, fds))
			return 0;
	}
}

int agent_serve(const struct agent_options *options)
{
	struct agent *a = &agent;

	a->o = options;
	a->counts_ms = COUNTS_MS;
	a->counts_due = sys_now_ms() + COUNTS_MS;
	a->proc = procfs_open();
	if (a->proc < 0)
		return a->proc;
	int r = listener_init(&a->listener);

	if (r < 0)
		return fail(-r, "ask the kernel about seccomp listeners");
	r = reader_start(&a->reader);
	r = r < 0 ? fail(-r, "start the process that reads") : serve(a);
	reader_stop(&a->reader);
	a->watch_due = 0;
	end_watches(a);
	write_counts(a, true);
	summarise(a);
	fd_close(&a->proc);
	return r;
}
