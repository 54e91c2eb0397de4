/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the child process that looks into other processes. What must hold: whatever such a process
 * does, the caller waits at most for its time limit, and a child that blocks holds nothing but its
 * socket and a procfs. It has no listener of a filter, whose copy would keep the calls of the
 * container waiting after the caller has ended.
 *
 * A read of memory that a FUSE server serves cannot be ended by SIGKILL once the server has the
 * request (fuse_simple_request() of the kernel). A child that has not ended is counted and reaped
 * later. If there are too many of them, nothing is read until one has ended.
 */
#include "observe/reader.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/procfs.h"
#include "observe/look.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { END_MS = 20 }; /* for the end of a child after SIGKILL */

/* An answer has several of these, each with all that is known so far. */
struct answer {
	bool is_last;
	uint64_t used_us; /* processor time since the question */
	struct reader_facts facts;
};

/* --- the child ------------------------------------------------------------------------------ */

static uint64_t used_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void say(int sock, struct answer *a, uint64_t start)
{
	a->used_us = used_us() - start;
	if (send(sock, a, sizeof(*a), MSG_NOSIGNAL) != (ssize_t)sizeof(*a))
		_exit(0);
}

/* What can block comes last, and what is known is sent before. */
static void answer_wish(int sock, int proc, const struct reader_wish *wish)
{
	struct answer a = { .is_last = false };
	struct arena_mark mark = arena_mark();
	const uint64_t start = used_us();
	uint64_t base;

	look_names(proc, wish->tid, &a.facts);
	say(sock, &a, start);
	bool has_image = look_call_site(proc, wish->tid, wish->ip, &a.facts, &base);

	say(sock, &a, start);
	if (has_image) {
		look_symbol(wish->tid, base, wish->ip, &a.facts);
		say(sock, &a, start);
	}
	for (size_t i = 0; i < wish->n_pointers && i < READER_POINTERS; i++) {
		look_pointer(wish->tid, wish->pointers[i].address, wish->pointers[i].kind,
			     wish->pointers[i].size, &a.facts.pointers[i]);
		say(sock, &a, start);
	}
	a.is_last = true;
	say(sock, &a, start);
	arena_release(mark, NULL, 0);
}

no_return static void child_run(int sock, pid_t parent)
{
	struct reader_wish wish;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NAME, "tamis-reader");
	if (getppid() != parent || sys_reset_signals(0) < 0)
		_exit(1);
	int proc = procfs_open();
	const int keep[] = { sock, proc };

	/* also 0 to 2: a reader that waits for their end must not wait for this process */
	if (proc < 0 || fd_close_others_from(0, keep, ARRAY_LEN(keep)) < 0)
		_exit(1);
	while (recv(sock, &wish, sizeof(wish), 0) == (ssize_t)sizeof(wish))
		answer_wish(sock, proc, &wish);
	_exit(0);
}

/* --- its end -------------------------------------------------------------------------------- */

/* Whether the child has ended; it is reaped then. */
static bool reap(int pidfd, int timeout_ms)
{
	siginfo_t how;

	if (fd_wait(pidfd, POLLIN, timeout_ms) <= 0)
		return false;
	(void)waitid(P_PIDFD, (id_t)pidfd, &how, WEXITED | WNOHANG | __WALL);
	return true;
}

static void reap_stuck(struct reader *r)
{
	size_t left = 0;

	for (size_t i = 0; i < r->n_stuck; i++) {
		if (reap(r->stuck[i], 0))
			fd_close(&r->stuck[i]);
		else
			r->stuck[left++] = r->stuck[i];
	}
	r->n_stuck = left;
}

static void end_child(struct reader *r)
{
	fd_close(&r->sock);
	if (r->pidfd < 0)
		return;
	(void)sys_pidfd_send_signal(r->pidfd, SIGKILL);
	if (reap(r->pidfd, END_MS))
		fd_close(&r->pidfd);
	else
		r->stuck[r->n_stuck++] = take_fd(&r->pidfd);
}

/* --- the caller ----------------------------------------------------------------------------- */

static int start_child(struct reader *r)
{
	autofd pidfd = -1;
	const pid_t self = getpid();
	int pair[2];

	reap_stuck(r);
	if (r->n_stuck == READER_STUCK_MAX)
		return -EBUSY;
	int error = msg_pair(pair);

	if (error < 0)
		return error;
	autofd ours = pair[0], theirs = pair[1];
	/*
	 * No signal at its end: it is not a child that the caller knows. Not clone3(2), whose flags
	 * a filter cannot check: systemd's RestrictNamespaces= denies it.
	 */
	pid_t pid = sys_clone(CLONE_PIDFD, &pidfd);

	if (pid < 0)
		return -errno;
	if (pid == 0)
		child_run(theirs, self);
	r->sock = take_fd(&ours);
	r->pidfd = take_fd(&pidfd);
	return 0;
}

int reader_start(struct reader *r)
{
	*r = (struct reader){ .sock = -1, .pidfd = -1 };
	return start_child(r);
}

static int send_wish(struct reader *r, const struct reader_wish *wish)
{
	int error = r->sock < 0 ? start_child(r) : 0;

	if (error < 0)
		return error;
	ssize_t n = send(r->sock, wish, sizeof(*wish), MSG_NOSIGNAL | MSG_DONTWAIT);

	return n == (ssize_t)sizeof(*wish) ? 0 : -EIO;
}

static bool is_sound(const struct reader_text *t)
{
	return t->n <= READER_TEXT_MAX && t->state <= READER_CUT;
}

/* The child has read what the container wrote, so that its answer is checked, too. */
static bool facts_are_sound(const struct reader_facts *f)
{
	bool sound = is_sound(&f->program) && is_sound(&f->comm) && is_sound(&f->thread) &&
		     is_sound(&f->file) && is_sound(&f->symbol);

	for (size_t i = 0; i < READER_POINTERS; i++)
		sound &= is_sound(&f->pointers[i]);
	return sound && f->pid >= 0;
}

static int receive(struct reader *r, int timeout_ms, struct reader_facts *facts)
{
	const int64_t end = sys_now_ms() + timeout_ms;
	struct answer a = { .is_last = false };

	while (!a.is_last) {
		int64_t left = end - sys_now_ms();
		int ready = fd_wait(r->sock, POLLIN, left > 0 ? (int)left : 0);

		if (ready <= 0)
			return ready < 0 ? ready : -ETIMEDOUT;
		if (recv(r->sock, &a, sizeof(a), MSG_DONTWAIT) != (ssize_t)sizeof(a) ||
		    !facts_are_sound(&a.facts))
			return -EIO;
		*facts = a.facts;
		r->used_us = a.used_us;
	}
	return 0;
}

int reader_ask(struct reader *r, const struct reader_wish *wish, int timeout_ms,
	       struct reader_facts *facts)
{
	int error = send_wish(r, wish);

	memset(facts, 0, sizeof(*facts));
	r->used_us = 0;
	if (error == -EIO) { /* it has ended since the last call: somebody killed it */
		end_child(r);
		error = send_wish(r, wish);
	}
	if (error >= 0)
		error = receive(r, timeout_ms, facts);
	if (error < 0)
		end_child(r);
	return error;
}

size_t reader_count_stuck(struct reader *r)
{
	reap_stuck(r);
	return r->n_stuck;
}

void reader_stop(struct reader *r)
{
	end_child(r);
	reap_stuck(r);
	for (size_t i = 0; i < r->n_stuck; i++)
		fd_close(&r->stuck[i]);
	r->n_stuck = 0;
}
