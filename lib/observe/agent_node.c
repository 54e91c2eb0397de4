/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the loop of the agent of a node. What must hold: in each turn every container gets at most
 * one answer for each of its listeners, and no container, runtime or manager is waited for without
 * a limit. While the process is restarted the service manager keeps the listeners, and calls wait;
 * without one they get ENOSYS from the kernel. No call that was received is forgotten
 * (kept_listener.h).
 */
#include "observe/agent_node.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"
#include "channel/fetch.h"
#include "observe/agent_filter.h"
#include "observe/agent_metrics.h"
#include "observe/intake.h"
#include "observe/manager.h"
#include "observe/served.h"
#include "plan/host.h"
#include "runtime/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	EVENTS = 64, /* handled in one turn */
	TICK_MS = 250,
	READ_PAUSE_MS = 1000, /* after the first read of a container that took too long */
	NAME_CONTAINER = 200, /* bytes of its id in a name of the manager's store, at most 255 */
	FILES_WANTED = 65536,
};

/* What an event of epoll is about; the descriptor or the place is in the lower half. */
enum source { SOURCE_SOCKET, SOURCE_SIGNALS, SOURCE_CONNECTION, SOURCE_LISTENER };

struct agent_node {
	const struct agent_node_options *o;
	struct responder_tools tools;
	struct seccomp_notif *own_call; /* of listeners without a file */
	struct profile_facts facts;
	struct manager manager;
	struct intake intake;
	struct served served;
	struct agent_metrics metrics;
	uint64_t next_number;
	int epoll, sock, signals, log;
	bool is_accepting, is_done;
	int64_t tick_due, watchdog_due;
};

/* Far too large for a stack. */
static struct agent_node agent;

/* Tells the administrator. Uses the arena. */
static void complain(const char *about, const char *message)
{
	const char *line = arena_printf("tamis-agent: %s: %s\n", about, message ? message : "");

	io_write_best(STDERR_FILENO, line, strlen(line));
	err_clear();
}

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

/* --- listeners ---------------------------------------------------------------------------- */

static const char *stored_name(const struct served_listener *l)
{
	return arena_printf("%ju.%.*s", (uintmax_t)l->number, NAME_CONTAINER,
			    l->container->responder.container);
}

static void drop_listener(struct agent_node *n, struct served_listener *l)
{
	struct arena_mark mark = arena_mark();

	if (l->kept.page)
		manager_forget(&n->manager, stored_name(l));
	served_drop(&n->served, l);
	do_soon(n);
	(void)arena_release(mark, NULL, 0);
}

static struct answer_policy choose_policy(struct agent_node *n, const struct process_state *state)
{
	struct answer_policy policy;

	if (!state->policy)
		return n->o->policy;
	if (answer_policy_is_allowed(&n->o->allowed, state->policy) &&
	    answer_policy_parse(state->policy, &policy))
		return policy;
	complain(state->container, "the policy of io.tamis.agent.policy is unknown or not allowed "
				   "(--allow-policy); calls get EPERM");
	n->metrics.unknown_policies++;
	return answer_policy_deny;
}

/* Begins to serve a listener, which it owns from then on. Returns it, or NULL. */
static struct served_listener *begin(struct agent_node *n, const struct process_state *state,
				     int listener)
{
	struct pooled_profile *profile = NULL;
	const struct answer_policy policy = choose_policy(n, state);

	if (profile_pool_get(&n->served.pool, state->metadata, &n->facts, &profile) < 0)
		complain(state->container, err_message()); /* then the policy answers */
	struct served_listener *l = served_add(&n->served, state->container, n->log, listener);

	if (!l) {
		profile_pool_put(&n->served.pool, profile);
		complain(state->container, "there are too many containers or listeners");
		n->metrics.lost++;
		return NULL;
	}
	l->profile = profile;
	l->answer = policy.answer;
	snprintf(l->words, sizeof(l->words), "%s", policy.words);
	listener_hurry(l->fd);
	if (watch(n, l->fd, SOURCE_LISTENER, (size_t)(l - n->served.listeners)) < 0) {
		n->metrics.lost++;
		drop_listener(n, l);
		return NULL;
	}
	do_soon(n);
	return l;
}

/* Answers the call in l's buffer, or receives one before. */
static int answer(struct agent_node *n, struct served_listener *l, bool is_received)
{
	const struct answer_policy policy = { l->answer, l->words };
	const struct responder_rules rules = { profile_pool_profile(l->profile), &policy };
	struct responder *r = &l->container->responder;
	int error = 0;

	n->tools.listener.call = l->kept.call ? l->kept.call : n->own_call;
	if (is_received)
		responder_answer(r, &n->tools, l->fd, &rules);
	else
		error = responder_handle(r, &n->tools, l->fd, &rules);
	do_soon(n);
	return error;
}

static void handle_listener(struct agent_node *n, size_t place, uint32_t events)
{
	struct served_listener *l = &n->served.listeners[place];

	if (l->fd < 0)
		return;
	if (events & EPOLLIN ? answer(n, l, false) < 0 : events & (EPOLLHUP | EPOLLERR))
		drop_listener(n, l);
}

/* --- connections -------------------------------------------------------------------------- */

/* Has the manager keep the listener, so that it survives our end. */
static void keep(struct agent_node *n, struct served_listener *l, const struct text *text)
{
	if (!n->manager.address)
		return;
	l->number = n->next_number++;
	autofd file = kept_listener_make(text, n->tools.listener.call_size, &l->kept);
	int r = file;

	if (file >= 0) {
		const int fds[] = { l->fd, file };

		r = manager_store(&n->manager, stored_name(l), fds, ARRAY_LEN(fds));
	}
	if (r < 0)
		complain(l->container->responder.container,
			 arena_printf("the listener cannot be stored: %s", err_words(-r)));
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
	struct served_listener *l = begin(n, &state, take_fd(&fd));

	if (l)
		keep(n, l, &text);
	return 0;
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
	else
		r = take_message(n, index);
	if (r < 0) {
		complain("refused a listener", err_message());
		n->metrics.refused++;
		n->metrics.changed = true;
	}
	intake_close(&n->intake, index);
	(void)arena_release(mark, NULL, 0);
	/* a place is free again */
	if (!n->is_accepting && watch(n, n->sock, SOURCE_SOCKET, 0) == 0)
		n->is_accepting = true;
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
		complain("refused a listener", "the connection is of another user");
		n->metrics.refused++;
	} else if (r != -EAGAIN && r != -EINTR && r != -ECONNABORTED) {
		/* no place or no descriptor: tried again after a connection ends, or by the tick */
		(void)epoll_ctl(n->epoll, EPOLL_CTL_DEL, n->sock, NULL);
		n->is_accepting = false;
	}
	do_soon(n);
}

static void end_silent_connections(struct agent_node *n)
{
	const int64_t now = sys_now_ms();

	for (size_t i = n->intake.n; i-- > 0;)
		if (now >= n->intake.connections[i].deadline)
			end_connection(n, i, -ETIMEDOUT);
	if (!n->is_accepting && n->intake.n < INTAKE_MAX &&
	    watch(n, n->sock, SOURCE_SOCKET, 0) == 0)
		n->is_accepting = true;
}

/* --- what the manager kept ------------------------------------------------------------------ */

/* The pair of the same name: its file. */
static int find_file(const struct manager_given *given, size_t n_given, const char *name,
		     size_t call_size, struct kept_listener *kept, struct text *text)
{
	for (size_t i = 0; i < n_given; i++)
		if (given[i].fd >= 0 && strcmp(given[i].name, name) == 0 &&
		    kept_listener_open(given[i].fd, call_size, kept, text) == 0)
			return 0;
	return -EBADF;
}

static uint64_t number_of(const char *name)
{
	uint64_t number;

	return num_parse_u64(arena_memdup(name, strcspn(name, ".")), &number) < 0 ? 0 : number;
}

static void restore(struct agent_node *n, struct manager_given *given, size_t n_given, size_t index)
{
	const char *name = given[index].name;
	struct kept_listener kept = { .page = NULL };
	struct process_state state;
	struct text text;
	int r = find_file(given, n_given, name, n->tools.listener.call_size, &kept, &text);

	if (r == 0)
		r = process_state_parse(&text, &state);
	struct served_listener *l = NULL;

	if (r == 0)
		l = begin(n, &state, take_fd(&given[index].fd));
	if (!l) {
		kept_listener_close(&kept);
		n->metrics.lost += r != 0;
		complain(name, "the stored listener cannot be served");
		manager_forget(&n->manager, name);
		return;
	}
	l->kept = kept;
	l->number = number_of(name);
	/* a call that the previous process had received when it ended */
	if (kept.call->id && listener_is_waiting(l->fd, kept.call->id))
		(void)answer(n, l, true);
}

/* Serves the stored listeners again, and forgets files whose listener is over. */
static void restore_all(struct agent_node *n, struct manager_given *given, size_t n_given)
{
	for (size_t i = 0; i < n_given; i++) {
		const uint64_t number = number_of(given[i].name);

		if (number >= n->next_number)
			n->next_number = number + 1;
	}
	for (size_t i = 0; i < n_given; i++) {
		struct arena_mark mark = arena_mark();

		if (given[i].fd >= 0 && fetch_is_listener(n->tools.proc, given[i].fd))
			restore(n, given, n_given, i);
		(void)arena_release(mark, NULL, 0);
	}
	for (size_t i = 0; i < n_given; i++) {
		bool is_served = false;

		for (size_t j = 0; j < SERVED_LISTENERS_MAX; j++)
			is_served |= n->served.listeners[j].fd >= 0 &&
				     n->served.listeners[j].number == number_of(given[i].name);
		if (given[i].fd >= 0 && !is_served)
			manager_forget(&n->manager, given[i].name);
		fd_close(&given[i].fd);
	}
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
	n->log = fd;
	return 0;
}

/* SIGHUP: the log was renamed. */
static void reopen_log(struct agent_node *n)
{
	int old = n->log;

	if (!n->o->log)
		return;
	if (open_log(n) < 0) {
		complain("SIGHUP", err_message());
		return;
	}
	for (size_t i = 0; i < n->served.n_containers; i++)
		n->served.containers[i]->responder.log = n->log;
	fd_close(&old);
}

/* --- the loop ----------------------------------------------------------------------------- */

static void handle_signal(struct agent_node *n)
{
	struct signalfd_siginfo info;

	if (read(n->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		reopen_log(n);
	else
		n->is_done = true;
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
	for (size_t i = 0; i < n->served.n_containers; i++) {
		int ms = responder_tick(&n->served.containers[i]->responder);

		if (ms >= 0)
			earlier(&due, now + ms);
	}
	if (n->served.n_ended) {
		served_forget_ended(&n->served);
		earlier(&due, now + SERVED_ENDED_MS / 2);
	}
	if (n->metrics.dir >= 0 && n->metrics.changed) {
		if (now >= n->metrics.due)
			agent_metrics_write(&n->metrics, &n->served);
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

	while (!n->is_done) {
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
				accept_connection(n);
				break;
			case SOURCE_SIGNALS:
				handle_signal(n);
				break;
			case SOURCE_CONNECTION:
				handle_connection(n, (int)place);
				break;
			case SOURCE_LISTENER:
				handle_listener(n, place, events[i].events);
				break;
			}
		}
		tick(n);
	}
	return 0;
}

/* --- start and end ------------------------------------------------------------------------ */

static int prepare_events(struct agent_node *n)
{
	const struct rlimit wanted = { FILES_WANTED, FILES_WANTED };
	struct rlimit limit;
	sigset_t set;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted.rlim_cur) {
		limit.rlim_cur =
			limit.rlim_max < wanted.rlim_cur ? limit.rlim_max : wanted.rlim_cur;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return fail(errno, "block signals");
	n->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	n->epoll = epoll_create1(EPOLL_CLOEXEC);
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

	served_start(&n->served);
	n->tools.pause_ms = READ_PAUSE_MS;
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
	if (r >= 0)
		r = agent_filter_load();
	if (r < 0)
		return r;
	n->own_call = n->tools.listener.call;
	n->next_number = 1;
	restore_all(n, given, n_given);
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
	for (size_t i = 0; i < n->served.n_containers; i++)
		if (n->served.containers[i]->n_listeners)
			responder_end(&n->served.containers[i]->responder, false);
	if (n->metrics.dir >= 0)
		agent_metrics_write(&n->metrics, &n->served);
	responder_tools_stop(&n->tools);
	return r;
}
