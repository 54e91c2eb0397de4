/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in a cgroup. Only lib/cgroup includes this. All silent. */
#ifndef CGROUP_PIDS_H
#define CGROUP_PIDS_H

#include "base/base.h"
#include "cgroup/tree.h"

#include <sys/types.h>

/* A file that lists pids, read piece by piece: it may be long. */
struct pids_file {
	int fd;
	size_t at, n;
	char buf[4096];
};

/* 0, or -errno, and nothing is open: -EOPNOTSUPP where a threaded cgroup has no list of processes.
 */
must_check int pids_open(int cgroup, const char *file, struct pids_file *ret);
/* The next pid: 1; 0 at the end; -errno. One outside our PID namespace, which is listed as 0, is
 * passed over: to kill(2) it would mean ourselves. */
must_check int pids_next(struct pids_file *f, pid_t *ret);
void pids_close(struct pids_file *f);
#define autopids __attribute__((cleanup(pids_close))) struct pids_file

/* A set of pids of one size, whatever is in it: a bit for each pid that there can be. */
struct pid_set {
	uint64_t *words;
};

/* An empty one; arena. */
struct pid_set pids_set_make(void);
/* Whether pid is in it. */
bool pids_set_has(const struct pid_set *set, pid_t pid);
/* Adds pid; whether it is new. */
bool pids_set_add(const struct pid_set *set, pid_t pid);

/* The next cgroup of the walk that lists processes, and its list, open: 1; 0 at the end; -errno. A
 * threaded one of v2 (cgroup-v2.rst, Threads) does not: its processes are listed by the domain
 * above it, which a leaf is, because it could become threaded only while nobody is inside. */
must_check int pids_walk(struct tree *tree, int *ret_cgroup, struct pids_file *ret);

/* Every process in the leaves and below, once each, ascending; arena. Reporting. */
must_check int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n);

#endif
