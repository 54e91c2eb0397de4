/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the loop of the agent of a node. What must hold: in each turn every container gets at most
 * one answer for each of its listeners, and no container, runtime or manager is waited for without
 * a limit. While the process is restarted the service manager keeps the listeners, and calls wait;
 * without one they get ENOSYS from the kernel.
 */
#include "observe/agent_node.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"
#include "channel/fetch.h"
#include "observe/agent_listeners.h"
#include "observe/agent_metrics.h"
#include "observe/intake.h"
#include "observe/manager.h"
#include "plan/host.h"
#include "runtime/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	EVENTS = 64, /* handled in one turn */
	TICK_MS = 250,
	END_MS = 1000, /* for connections that were accepted before SIGTERM */
	FILES_WANTED = 65536,
};

/* What an event of epoll is about; the descriptor or the place is in the lower half. */
enum source { SOURCE_SOCKET, SOURCE_SIGNALS, SOURCE_CONNECTION, SOURCE_LISTENER };

struct agent_node {
	const struct agent_node_options *o;
	struct responder_tools tools;
	struct profile_facts facts;
	struct manager manager;
	struct intake intake;
	struct agent_listeners listeners;
	struct agent_metrics metrics;
	int epoll, sock, signals;
	bool is_accepting, is_done;
	int64_t tick_due, watchdog_due, end_due;
};

/* Far too large for a stack. */
static struct agent_node agent;

static int watch(const struct agent_node *n, int fd, enum source source, size_t place)
{
	struct epoll_event e = { .events = EPOLLIN,
				 .data.u64 = (uint64_t)source << 32 | (uint32_t)place };

	return epoll_ctl(n->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

static void do_soon(struct agent_node *n)
{
	const int64_t soon = sys_now_ms() + TICK_MS;

	n->metrics.changed = true;
	if (n->tick_due > soon)
		n->tick_due = soon;
}

/* --- connections -------------------------------------------------------------------------- */

/* Goes on to accept if there is a place again. */
static void accept_again(struct agent_node *n)
{
	if (!n->is_accepting && !n->is_done && n->intake.n < INTAKE_MAX &&
	    watch(n, n->sock, SOURCE_SOCKET, 0) == 0)
		n->is_accepting = true;
}

/* Connections wait in the socket, for us or for the next process. */
static void stop_accepting(struct agent_node *n)
{
	(void)epoll_ctl(n->epoll, EPOLL_CTL_DEL, n->sock, NULL);
	n->is_accepting = false;
}

static int take_message(struct agent_node *n, size_t index)
{
	struct process_state state;
	const struct text text = intake_text(&n->intake, index);
	int r = process_state_parse(&text, &state);

	if (r < 0)
		return r;
	autofd fd = intake_take_listener(&n->intake, index, &state);

	if (fd < 0)
		return fail(0, "%s: expected %zu descriptors, found another number",
			    state.container, state.n_fds);
	if (!fetch_is_listener(n->tools.proc, fd))
		return fail(0, "%s: expected a seccomp listener, found another descriptor",
			    state.container);
	agent_listeners_add(&n->listeners, &state, take_fd(&fd), &text);
	return 0;
}

/* A peer that has sent nothing only asked whether somebody listens: tamis-precreate does. */
static bool is_probe(const struct agent_node *n, size_t index)
{
	const struct intake_connection *c = &n->intake.connections[index];

	return c->n == 0 && c->n_fds == 0;
}

static void end_connection(struct agent_node *n, size_t index, int r)
{
	struct arena_mark mark = arena_mark();

	if (r == -ETIMEDOUT)
		r = fail(0, "a connection was not ended within %d ms", INTAKE_MS);
	else if (r == -E2BIG)
		r = fail(0, "expected at most %d bytes of containerProcessState",
			 PROCESS_STATE_BYTES_MAX);
	else if (r < 0)
		r = fail(-r, "a connection cannot be read");
	else if (!is_probe(n, index))
		r = take_message(n, index);
	if (r < 0) {
		agent_listeners_complain("refused a listener", err_message());
		n->metrics.refused++;
		n->metrics.changed = true;
	}
	intake_close(&n->intake, index);
	(void)arena_release(mark, NULL, 0);
	accept_again(n);
}

static void handle_connection(struct agent_node *n, int fd)
{
	for (size_t i = 0; i < n->intake.n; i++) {
		if (n->intake.connections[i].fd != fd)
			continue;
		int r = intake_read(&n->intake, i);

		if (r != 0)
			end_connection(n, i, r < 0 ? r : 0);
		return;
	}
}

static void accept_connection(struct agent_node *n)
{
	int r = intake_accept(&n->intake, n->sock);

	if (r >= 0) {
		const int fd = n->intake.connections[r].fd;

		if (watch(n, fd, SOURCE_CONNECTION, (size_t)fd) < 0)
			intake_close(&n->intake, (size_t)r);
	} else if (r == -EPERM) {
		agent_listeners_complain("refused a listener", "the connection is of another user");
		n->metrics.refused++;
	} else if (r != -EAGAIN && r != -EINTR && r != -ECONNABORTED) {
		/* no place or no descriptor: tried again after a connection ends, or by the tick */
		stop_accepting(n);
	}
}

static void end_silent_connections(struct agent_node *n)
{
	const int64_t now = sys_now_ms();

	for (size_t i = n->intake.n; i-- > 0;)
		if (now >= n->intake.connections[i].deadline)
			end_connection(n, i, -ETIMEDOUT);
	accept_again(n);
}

static int find_socket(struct agent_node *n, struct manager_given *given, size_t n_given)
{
	n->sock = manager_find_socket(given, n_given);
	if (n->sock < 0 && n->o->listen)
		return connect_listen("--listen", n->o->listen, &n->sock);
	if (n->sock < 0)
		return fail(0, "expected --listen, or a socket of the service manager");
	return fcntl(n->sock, F_SETFL, O_NONBLOCK) < 0 ? fail(errno, "set up the socket") : 0;
}

/* --- files -------------------------------------------------------------------------------- */

static int open_log(struct agent_node *n)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = n->o->log ? open(n->o->log, flags, 0600) : STDOUT_FILENO;

	if (fd < 0)
		return fail(errno, "--log %s: cannot be written", n->o->log);
	n->listeners.log = line_writer(fd);
	return 0;
}

/* SIGHUP: the log was renamed. */
static void reopen_log(struct agent_node *n)
{
	int old = n->listeners.log.fd;

	if (!n->o->log)
		return;
	if (open_log(n) < 0) {
		agent_listeners_complain("SIGHUP", err_message());
		return;
	}
	fd_close(&old);
}

/* --- the loop ----------------------------------------------------------------------------- */

static void handle_signal(struct agent_node *n)
{
	struct signalfd_siginfo info;

	if (read(n->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP) {
		reopen_log(n);
	} else if (!n->is_done) {
		n->is_done = true;
		n->end_due = sys_now_ms() + END_MS;
		stop_accepting(n);
	}
}

/* A connection that was accepted may have brought a listener, which nobody else has. */
static bool is_at_end(const struct agent_node *n)
{
	return n->is_done && (n->intake.n == 0 || sys_now_ms() >= n->end_due);
}

static void write_metrics(struct agent_node *n)
{
	n->metrics.unread = n->tools.n_unread;
	agent_metrics_write(&n->metrics, &n->listeners.served);
}

static void earlier(int64_t *due, int64_t other)
{
	if (*due > other)
		*due = other;
}

/* Does what is due, and finds out when the next thing is. */
static void tick(struct agent_node *n)
{
	int64_t now = sys_now_ms(), due = INT64_MAX;

	if (now < n->tick_due)
		return;
	end_silent_connections(n);
	for (size_t i = 0; i < n->listeners.served.n_containers; i++) {
		int ms = responder_tick(&n->listeners.served.containers[i]->responder);

		if (ms >= 0)
			earlier(&due, now + ms);
	}
	if (n->listeners.served.n_ended) {
		served_forget_ended(&n->listeners.served);
		earlier(&due, now + SERVED_ENDED_MS / 2);
	}
	if (n->metrics.dir >= 0 && n->metrics.changed) {
		if (now >= n->metrics.due)
			write_metrics(n);
		else
			earlier(&due, n->metrics.due);
	}
	if (n->manager.watchdog_ms) {
		if (now >= n->watchdog_due) {
			(void)manager_tell(&n->manager, "WATCHDOG=1");
			n->watchdog_due = now + n->manager.watchdog_ms / 3;
		}
		earlier(&due, n->watchdog_due);
	}
	int ms = n->is_accepting ? intake_timeout(&n->intake) : TICK_MS;

	if (ms >= 0)
		earlier(&due, now + ms);
	n->tick_due = due;
}

static int serve(struct agent_node *n)
{
	struct epoll_event events[EVENTS];

	while (!is_at_end(n)) {
		int64_t left = n->tick_due == INT64_MAX ? -1 : n->tick_due - sys_now_ms();
		int timeout = n->tick_due == INT64_MAX ? -1
			      : left < 0	       ? 0
			      : left > INT_MAX	       ? INT_MAX
						       : (int)left;
		int ready = epoll_wait(n->epoll, events, EVENTS, timeout);

		if (ready < 0 && errno != EINTR)
			return fail(errno, "wait for calls");
		for (int i = 0; i < ready; i++) {
			const uint32_t place = (uint32_t)events[i].data.u64;

			switch ((enum source)(events[i].data.u64 >> 32)) {
			case SOURCE_SOCKET:
				if (n->is_accepting)
					accept_connection(n);
				break;
			case SOURCE_SIGNALS:
				handle_signal(n);
				break;
			case SOURCE_CONNECTION:
				handle_connection(n, (int)place);
				break;
			case SOURCE_LISTENER:
				agent_listeners_handle(&n->listeners, place, events[i].events);
				break;
			}
		}
		if (ready > 0)
			do_soon(n);
		tick(n);
	}
	return 0;
}

/* --- start and end ------------------------------------------------------------------------ */

static int prepare_events(struct agent_node *n)
{
	sigset_t set;

	(void)fd_raise_limit(FILES_WANTED);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return fail(errno, "block signals");
	n->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	n->epoll = n->listeners.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (n->signals < 0 || n->epoll < 0)
		return fail(errno, "prepare to wait for calls");
	return 0;
}

static int read_host(struct profile_facts *ret)
{
	struct host host = { 0 };
	int r = host_kernel(&host);

	*ret = (struct profile_facts){ .native = arch_by_machine(host.machine),
				       .kernel_major = host.kernel_major,
				       .kernel_minor = host.kernel_minor };
	return r;
}

static int start(struct agent_node *n)
{
	struct manager_given *given;
	const size_t n_given = manager_inherited(&given);
	int r = manager_open(&n->manager);

	served_start(&n->listeners.served);
	n->listeners.policy = &n->o->policy;
	n->listeners.allowed = &n->o->allowed;
	n->listeners.facts = &n->facts;
	n->listeners.tools = &n->tools;
	n->listeners.manager = &n->manager;
	n->listeners.metrics = &n->metrics;
	n->listeners.event = (uint64_t)SOURCE_LISTENER << 32;
	n->listeners.next_number = 1;
	if (r >= 0)
		r = find_socket(n, given, n_given);
	if (r >= 0)
		r = prepare_events(n);
	if (r >= 0)
		r = open_log(n);
	if (r >= 0)
		r = agent_metrics_open(n->o->metrics, &n->metrics);
	if (r >= 0)
		r = read_host(&n->facts);
	if (r >= 0)
		r = n->o->drop_privileges();
	if (r >= 0)
		r = responder_tools_start(&n->tools);
	if (r < 0)
		return r;
	n->listeners.own_call = n->tools.listener.call;
	agent_listeners_restore(&n->listeners, given, n_given);
	if (watch(n, n->signals, SOURCE_SIGNALS, 0) < 0 || watch(n, n->sock, SOURCE_SOCKET, 0) < 0)
		return fail(errno, "wait for calls");
	n->is_accepting = n->metrics.changed = true;
	(void)manager_tell(&n->manager, "READY=1");
	return 0;
}

int agent_node_serve(const struct agent_node_options *options)
{
	struct agent_node *n = &agent;

	n->o = options;
	int r = start(n);

	if (r < 0)
		return r;
	r = serve(n);
	(void)manager_tell(&n->manager, "STOPPING=1");
	for (size_t i = 0; i < n->listeners.served.n_containers; i++)
		if (n->listeners.served.containers[i]->n_listeners)
			responder_end(&n->listeners.served.containers[i]->responder, false);
	if (n->metrics.dir >= 0)
		write_metrics(n);
	responder_tools_stop(&n->tools);
	return r;
}
