/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records processes by perf_event_open(2): the kernel reports each system call of the processes and
 * their children. Nothing in the processes changes. Needs root or CAP_PERFMON, and tracefs
 * (tracepoint.h).
 *
 *	r = perf_open(recorder, &p);
 *	if (r >= 0)
 *		r = perf_follow(p, pid, PERF_FROM_EXEC);
 *	while (r >= 0 && is_alive)
 *		r = perf_turn(p, -1, &sock, &is_alive);
 *	perf_finish(p);
 */
#ifndef OBSERVE_PERF_H
#define OBSERVE_PERF_H

#include "observe/perf_cgroup.h"
#include "observe/recorder.h"

struct perf; /* private */

/* Runs the command and records it until the last of its processes has ended. Reporting. */
must_check int perf_record(struct recorder *r);

/* Prepares to record processes that exist. Reporting. */
must_check int perf_open(struct recorder *r, struct perf **ret);
enum perf_from {
	PERF_FROM_NOW,
	PERF_FROM_EXEC,	   /* from the next execve(2), of the thread or what it has made before */
	PERF_FROM_AWAITED, /* a thread of the process of perf_await(): from its execve(2) */
};
/*
 * Records a thread and all that it will make. -ESRCH without a message: it has ended. Reporting.
 */
must_check int perf_follow(struct perf *p, pid_t tid, enum perf_from from);
/*
 * Records what programs of a container make and execute, by the events of its cgroup, so that it is
 * seen whoever has made it. After perf_await() of its init, if that was not started, else before
 * perf_list(). The descriptors of *cgroup must stay open. -errno: this kernel cannot. Silent.
 */
must_check int perf_follow_cgroup(struct perf *p, const struct perf_cgroup *cgroup);
bool perf_has_cgroup(const struct perf *p);
/* See perf_processes_list(). Before `false` takes what the kernel has reported until now. */
void perf_list(struct perf *p, bool is_listing);
/* A process of the cgroup, which has not executed its program, belongs to the container. */
void perf_expect(struct perf *p, pid_t pid);
/* The program that a process runs already. */
void perf_set_program(struct perf *p, pid_t pid, const char *path);
/*
 * Of the threads that are followed with PERF_FROM_AWAITED, and of what they make, nothing is
 * recorded before the execve(2) of that process; what others of them have executed before it (hooks
 * of a runtime) never is.
 */
void perf_await(struct perf *p, pid_t init);
/* Whether that execve has not been seen. */
bool perf_is_awaiting(const struct perf *p);
/* on_thread is told each thread that is made from now on by those that are followed. */
void perf_tell_threads(struct perf *p, void (*on_thread)(void *ctx, pid_t tid), void *ctx);
/* Takes what the kernel has reported until now, in an order that is not certain. */
void perf_catch_up(struct perf *p);
/*
 * Waits for events, or until the socket (-1: none) can be read, for a second at most, and
 * takes them. *ret_alive: a process that is followed is alive. Reporting.
 */
must_check int perf_turn(struct perf *p, int sock, bool *ret_sock, bool *ret_alive);
/* Takes what is left, and notes which counts are too low and what may have been lost. */
void perf_finish(struct perf *p);
/* Called before the process ends, so that its end is not late (perf_ring_leave()). */
void perf_leave(const struct perf *p);

#endif
