/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the supervisor's loop. What must hold: every notification gets the answer of the profile, or
 * the call stays denied (responder.h).
 */
#include "observe/agent.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "observe/listener.h"
#include "observe/responder.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LISTENERS_MAX = 1024, /* of processes that exec made and that run at the same time */
	MESSAGE_MS = 1000,    /* for the message of a connection */
	ACCEPT_MS = 250,      /* after which accept(2) is tried again */
	OTHER_FILES = 128,    /* descriptors that are no listeners, at most */
};

struct agent {
	const struct agent_options *o;
	struct responder_tools tools;
	struct responder responder;
	struct line_writer log, text;
	size_t n_listeners, max_listeners;
	int listeners[LISTENERS_MAX];
	bool init_ended;
	bool no_descriptors; /* accept(2) failed: it is tried again after ACCEPT_MS */
	int tick_ms;	     /* when responder_tick() has to be called; -1: not yet */
};

/* Far too large for a stack. */
static struct agent agent;

/* --- listeners ---------------------------------------------------------------------------- */

/* Receives the descriptor of a message, whose text says nothing (container_state_of_process()). */
static int receive_listener(int conn)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char text[64];
	struct iovec v = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	int fd = -1;

	if (fd_wait(conn, POLLIN, MESSAGE_MS) != 1 || recvmsg(conn, &m, MSG_CMSG_CLOEXEC) <= 0)
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

	if (fd < 0 || a->n_listeners == a->max_listeners)
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

static void handle_events(struct agent *a, const struct pollfd *fds, size_t n)
{
	const struct responder_rules rules = { .profile = a->o->profile };

	/* backwards, because dropping a listener moves the last one */
	for (size_t i = n; i-- > 2;) {
		const short events = fds[i].revents;

		if (events & POLLIN
			    ? responder_handle(&a->responder, &a->tools, fds[i].fd, &rules) < 0
			    : events & (POLLHUP | POLLERR))
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

		int timeout = a->init_ended && n == 2 ? 0
			      : a->no_descriptors     ? ACCEPT_MS
						      : a->tick_ms;

		if (poll(fds, n, timeout) < 0 && errno != EINTR)
			return fail(errno, "wait for denied calls");
		handle_events(a, fds, n);
		a->tick_ms = responder_tick(&a->responder);
		if (is_done(a, fds))
			return 0;
	}
}

/* A descriptor in a message is lost, and with it the listener, if there is no number for it. */
static size_t count_listeners(void)
{
	size_t limit = fd_raise_limit(LISTENERS_MAX + OTHER_FILES);
	size_t n = limit > 2 * OTHER_FILES ? limit - OTHER_FILES : limit / 2;

	return n < LISTENERS_MAX ? n : LISTENERS_MAX;
}

int agent_serve(const struct agent_options *options)
{
	struct agent *a = &agent;

	a->o = options;
	a->max_listeners = count_listeners();
	a->tools.is_exact = true;
	a->tools.patience_ms = RESPONDER_PATIENCE_MS;
	a->tick_ms = -1;
	int r = responder_tools_start(&a->tools);

	if (r < 0)
		return r;
	a->log = line_writer(options->log);
	a->text = line_writer(options->text);
	responder_start(&a->responder, options->container, &a->log, &a->text);
	r = serve(a);
	responder_tools_stop(&a->tools);
	responder_end(&a->responder, true);
	responder_summarise(&a->responder);
	return r;
}
