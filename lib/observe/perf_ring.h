/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of perf_event_open(2) about system calls: one ring buffer for each processor, read in
 * the order of time.
 */
#ifndef OBSERVE_PERF_RING_H
#define OBSERVE_PERF_RING_H

#include "base/base.h"

#include <sys/types.h>

enum perf_ring_kind {
	PERF_RING_CALL,	   /* sys_enter */
	PERF_RING_PROGRAM, /* the process runs this file from now on */
	PERF_RING_CHILD,   /* parent has made the process pid */
	PERF_RING_LOST,	   /* `lost` events had no room in the buffer */
};

struct perf_ring_event {
	enum perf_ring_kind kind;
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	pid_t pid;	  /* of the process */
	pid_t parent;
	bool is_compat; /* PERF_RING_CALL: of the 32-bit architecture beside the native one */
	int64_t nr;
	uint64_t args[6];
	const char *path; /* valid until the next event is read */
	uint64_t lost;
};

struct perf_rings; /* private */

/*
 * Where the tracepoint is: its id, read from tracefs where that is mounted. -ENOENT: it is not
 * mounted; -EACCES: it may not be read; -EINVAL: it has another form than expected. Silent.
 */
must_check int perf_ring_find(uint64_t *ret_id);
/*
 * Opens the events of the process `pid` and all that it will make, from its next execve(2) on. They
 * begin with that execve's own work, so that the call itself is not among them. Reporting.
 */
must_check int perf_ring_open(uint64_t id, pid_t pid, struct perf_rings **ret);
/* The descriptors to poll: POLLIN, and POLLHUP when no process is left. */
size_t perf_ring_fds(const struct perf_rings *rings, const int **ret);
/* The next event that is older than `until_ns` (CLOCK_MONOTONIC); false: there is none. */
bool perf_ring_next(struct perf_rings *rings, uint64_t until_ns, struct perf_ring_event *ret);
/* The kernel passes over calls for which this filter ("id != 0") does not hold. Once only.
 * Reporting. */
must_check int perf_ring_set_filter(struct perf_rings *rings, const char *filter);

#endif
