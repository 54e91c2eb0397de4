/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of perf_event_open(2) about system calls: one ring buffer for each processor, read in
 * the order of time.
 */
#ifndef OBSERVE_PERF_RING_H
#define OBSERVE_PERF_RING_H

#include "base/base.h"
#include "observe/perf_event.h"

#include <poll.h>
#include <sys/types.h>

struct perf_rings; /* private */

/* Descriptors of the caller's that there is room for behind those of perf_ring_polled(). */
enum { PERF_RING_SPARE = 5 };

/*
 * Makes the buffers, for the tracepoint of that id. has_priority: the reader goes before what it
 * records, so that smaller ones do. Reporting.
 */
must_check int perf_ring_open(uint64_t id, bool has_priority, struct perf_rings **ret);
/*
 * Adds the events of a thread (0: the caller) and all threads and processes that it will make.
 * on_exec: from its next execve(2) on (a process that it makes before: from the execve of that
 * one); they begin with that execve's own work, so that the call itself is not among them. ret_ids
 * gets perf_ring_processors() ids, 0: none; or NULL. -ESRCH without a message: it has ended.
 * Reporting.
 */
must_check int perf_ring_add(struct perf_rings *rings, pid_t tid, bool on_exec, uint64_t *ret_ids);
/*
 * Adds the events of all that runs in a cgroup and below it, now and later, whoever has made it
 * (perf_event_open(2), PERF_FLAG_PID_CGROUP). dir: of the hierarchy in which the kernel has
 * perf_event. They do not hang up. -errno: this kernel cannot. Silent.
 */
must_check int perf_ring_add_cgroup(struct perf_rings *rings, int dir);
size_t perf_ring_processors(const struct perf_rings *rings);
/* The descriptors to poll. Valid until perf_ring_add(). */
struct pollfd *perf_ring_polled(const struct perf_rings *rings, size_t *ret_n);
/*
 * After a poll: closes the events of threads that have ended with all that they made, but for one
 * (see perf_ring_leave()). Returns how many are left.
 */
size_t perf_ring_reap(struct perf_rings *rings);
/*
 * Called before the process ends. close(2) of the last event of a tracepoint waits for a grace
 * period of RCU, some 10 to 20 ms. A child that holds that event and our memory, and is killed when
 * we end, waits in our place. If it cannot be made, our end takes so long.
 */
void perf_ring_leave(const struct perf_rings *rings);
/*
 * The next event that is older than `until_ns` (CLOCK_MONOTONIC); false: there is none. Events that
 * come between the first call and the one that returns false may be left for later calls.
 */
bool perf_ring_next(struct perf_rings *rings, uint64_t until_ns, struct perf_event *ret);
/*
 * Whether events may have been lost that PERF_EVENT_LOST has not reported, because nothing was
 * written to a buffer after it was full.
 */
bool perf_ring_was_full(const struct perf_rings *rings);
/* Whether there is a processor that was off when the buffers were made, so that it has none. */
bool perf_ring_lacks_processor(const struct perf_rings *rings);
/* Bytes of a filter, with its end, that the kernel takes at most. */
enum { PERF_RING_FILTER_BYTES = 4096 };
/*
 * The kernel passes over calls for which this filter ("id != 0"), which is kept, does not hold.
 * Once only. If it fails some events may have the filter. Silent.
 */
must_check int perf_ring_set_filter(struct perf_rings *rings, const char *filter);

#endif
