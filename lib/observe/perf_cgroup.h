/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cgroup of a container, by which perf_event_open(2) can record it (PERF_FLAG_PID_CGROUP): in
 * the hierarchy of the controller perf_event, which is that of v2 unless v1 has it (cgroups(7)).
 */
#ifndef OBSERVE_PERF_CGROUP_H
#define OBSERVE_PERF_CGROUP_H

#include "base/base.h"

#include <sys/types.h>

struct cgroup; /* cgroup/cgroup.h */

struct perf_cgroup {
	int dir;	   /* of the cgroup; -1: none */
	int events;	   /* its cgroup.events; -1: it is of v1 */
	pid_t pid;	   /* of the container's init */
	int init;	   /* its pidfd; -1: it has ended */
	uint64_t mount_ns; /* inode of its mount namespace */
	bool is_told;	   /* see perf_processes_of_cgroup() */
	const struct cgroup *cgroup;
};

#define PERF_CGROUP_NONE                      \
	(struct perf_cgroup)                  \
	{                                     \
		-1, -1, 0, -1, 0, false, NULL \
	}

/*
 * Finds the cgroup of a container whose init, a child that has executed nothing, is alone in it.
 * init stays the caller's. -errno: there is no such cgroup, or others are in it, too. Silent.
 */
must_check int perf_cgroup_find(pid_t pid, int init, struct perf_cgroup *ret);
/* The same for a container that runs, by its leaves, in which are only processes of it. Silent. */
must_check int perf_cgroup_of(const struct cgroup *leaves, pid_t pid, int init,
			      struct perf_cgroup *ret);
void perf_cgroup_close(struct perf_cgroup *cgroup);
/*
 * Whether init is alive, or after its end another process in the cgroup; true if there is no
 * cgroup. When it has changed poll(2) reports POLLPRI of cgroup->events.
 */
bool perf_cgroup_is_alive(const struct perf_cgroup *cgroup);

#endif
