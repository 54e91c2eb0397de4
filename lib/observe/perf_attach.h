/* SPDX-License-Identifier: Apache-2.0 */
/* Records processes that run already, and all that they will make. */
#ifndef OBSERVE_PERF_ATTACH_H
#define OBSERVE_PERF_ATTACH_H

#include "observe/perf.h"

/* Lists processes, in the arena. Reporting. */
struct perf_attach_processes {
	int (*list)(void *ctx, pid_t **ret, size_t *ret_n);
	void *ctx;
	const struct perf_cgroup *cgroup; /* all that is in it is listed, too; NULL: none */
};

/*
 * Records these processes from now on, with all that they make: by their cgroup, or each thread.
 * What makes new ones meanwhile is asked again, so that none is missed. Reporting: there are none.
 */
must_check int perf_attach(struct perf *p, struct recorder *r,
			   const struct perf_attach_processes *processes);
/*
 * Records a container from the execve of its init on, whose pidfd `init` stays the caller's: by its
 * cgroup, or where that is shared or the kernel cannot, init's threads and what they make. The run
 * notes then what is not seen; NULL: nothing, because perf_attach_exec() is called for what `exec`
 * adds. Reporting: the process has ended.
 */
must_check int perf_attach_container(struct perf *p, struct recording_run *run, pid_t pid,
				     int init);
/* A process that `exec` adds to that container, from its execve on. Reporting: it has ended. */
must_check int perf_attach_exec(struct perf *p, pid_t pid);
/*
 * Attaches, begins the recording in the file (recording_write_begin()), and records until the last
 * of the processes has ended or SIGINT or SIGTERM arrives. Reporting.
 */
must_check int perf_attach_record(struct recorder *r,
				  const struct perf_attach_processes *processes);
/*
 * A list() for struct perf_attach_processes: the process *(pid_t *)ctx and its descendants, but not
 * the recorder itself. Reporting.
 */
must_check int perf_attach_list_tree(void *ctx, pid_t **ret, size_t *ret_n);

#endif
