/* SPDX-License-Identifier: Apache-2.0 */
/* Deaths for want of memory. */
#ifndef CGROUP_OOM_H
#define CGROUP_OOM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * How many processes of the container the kernel killed for want of memory (oom_kill of
 * memory.events or memory.oom_control), so that a message about a dead init can say so; 0 if
 * that cannot be known. Never fails.
 */
int64_t cgroup_oom_kills(const struct cgroup *cgroup);

/* Waits for processes of the container to be short of memory. */
struct oom_watch {
	int fd;	      /* to be polled for `events`; -1: nothing to watch */
	short events; /* POLLIN or POLLPRI */
	int leaf;
	bool v1;
	int64_t seen;
};

/* v1: an eventfd on memory.oom_control; v2: memory.events. fd is -1 where there is neither.
 * Reporting. */
must_check int oom_watch_open(const struct cgroup *cgroup, struct oom_watch *ret);
/* How many OOM events there were since the last call, without waiting. */
unsigned int oom_watch_read(struct oom_watch *watch);
void oom_watch_close(struct oom_watch *watch);

#endif
