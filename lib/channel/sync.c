/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the conversation with init, or a process of `exec`. If one of the two ends,
 * the other notices by end of file on the socket.
 */
#include "channel/sync.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/start.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>

enum { SLICE_MS = 20 }; /* of silence, then the state of the process is checked */

int sync_ended(const struct handles *h, const struct child *child, const char *when)
{
	siginfo_t how = { 0 };
	int r = h->page ? start_failure(h->page, "") : 0;

	if (r < 0)
		return r;

	if (child->pidfd < 0 || fd_wait(child->pidfd, POLLIN, 1000) <= 0 ||
	    waitid(P_PIDFD, (id_t)child->pidfd, &how, WEXITED | WNOWAIT) < 0)
		return fail(0, "container's process ended %s", when);
	if (how.si_code == CLD_EXITED)
		return fail(0, "container's process exited with %d %s", how.si_status, when);
	return fail(0, "container's process was killed by signal %d %s", how.si_status, when);
}

static const char *const sync_names[] = {
	[SYNC_HELLO] = "before it was set up",
	[SYNC_MOUNTED] = "while its mounts were made",
	[SYNC_TERMINAL] = "before it had a terminal",
	[SYNC_READY] = "while it was made ready",
};

int sync_receive(const struct handles *h, const struct child *child, uint32_t type, struct msg *m,
		 int *ret_fd)
{
	int r = ret_fd ? msg_recv_fd(h->sync[0], child->pid, m) : msg_recv(h->sync[0], m);

	if (r < 0)
		return fail(-r, "receive a message from the container's process");
	autofd first = take_fd(&m->fd);

	if (r == 0)
		return sync_ended(h, child,
				  type < ARRAY_LEN(sync_names) && sync_names[type]
					  ? sync_names[type]
					  : "too early");
	if (m->type == SYNC_ERROR)
		return fail_received(m->code, m->text);
	if (m->type != type)
		return fail(0, "container's process said %u, expected %u", m->type, type);
	if (ret_fd)
		*ret_fd = take_fd(&first);
	return 0;
}

int sync_expect(const struct handles *h, const struct child *child, uint32_t type)
{
	struct msg m;

	return sync_receive(h, child, type, &m, NULL);
}

/* Waits until there is a message or end of file. */
static int await(const struct handles *h, const struct child *child, int timeout_ms)
{
	const int64_t deadline = sys_now_ms() + timeout_ms;
	bool traced = false;
	int r;

	while ((r = fd_wait(h->sync[0], POLLIN, SLICE_MS)) == 0) {
		if (sys_now_ms() >= deadline)
			return fail(0, "container's process does not answer for %d ms (%s)",
				    timeout_ms,
				    traced ? "a tracer in the container holds it"
					   : "frozen or stopped?");
		start_continue(child->pidfd, &traced);
	}
	return r < 0 ? fail(-r, "receive a message from the container's process") : 0;
}

int sync_expect_within(const struct handles *h, const struct child *child, uint32_t type,
		       int timeout_ms)
{
	int r = await(h, child, timeout_ms);

	return r < 0 ? r : sync_expect(h, child, type);
}

int sync_expect_terminal(const struct handles *h, const struct child *child, int timeout_ms)
{
	struct msg m;
	int master = -1, r = timeout_ms < 0 ? 0 : await(h, child, timeout_ms);

	if (r >= 0)
		r = sync_receive(h, child, SYNC_TERMINAL, &m, &master);
	if (r < 0)
		return r;
	return master < 0 ? fail(0, "found no terminal in the message of the container's process")
			  : master;
}

int sync_last_words(const struct handles *h, int r)
{
	struct msg m;
	struct pollfd p = { .fd = h->sync[0], .events = POLLIN };

	if (poll(&p, 1, 0) <= 0 || msg_recv(h->sync[0], &m) != 1 || m.type != SYNC_ERROR)
		return r;
	err_clear();
	return fail_received(m.code, m.text);
}

int sync_say(const struct handles *h, uint32_t type)
{
	int r = msg_send(h->sync[0], type, 0, NULL, NULL, 0);

	if (r == -EPIPE || r == -ECONNRESET)
		return sync_last_words(h, fail(0, "container's process ended too early"));
	return r < 0 ? fail(-r, "send a message to the container's process") : 0;
}
