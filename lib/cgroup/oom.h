/* SPDX-License-Identifier: Apache-2.0 */
/* Reports processes that the kernel killed because of lack of memory. */
#ifndef CGROUP_OOM_H
#define CGROUP_OOM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Returns how many processes of the container the kernel has killed (oom_kill in memory.events or
 * memory.oom_control), for the error message about an init that died. 0 if this is unknown.
 */
int64_t cgroup_oom_kills(const struct cgroup *cgroup);

/* Waits for OOM events of the container. */
struct oom_watch {
	int fd;	      /* to be polled for `events`; -1: nothing to watch */
	short events; /* POLLIN or POLLPRI */
	int leaf;
	bool v1;
	int64_t seen;
};

/*
 * Opens the watch. v1: an eventfd(2) on memory.oom_control; v2: memory.events. fd is -1 if there is
 * neither. Reporting.
 */
must_check int oom_watch_open(const struct cgroup *cgroup, struct oom_watch *ret);
/*
 * oom_watch_read() returns the number of OOM events since the last call, without waiting.
 * oom_watch_close() closes the watch.
 */
unsigned int oom_watch_read(struct oom_watch *watch);
void oom_watch_close(struct oom_watch *watch);

#endif
