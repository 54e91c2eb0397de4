/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the processes in a cgroup. What reads a cgroup's files is for lib/cgroup only; sets of pids
 * are for others, too. All silent unless said otherwise.
 */
#ifndef CGROUP_PIDS_H
#define CGROUP_PIDS_H

#include "base/base.h"
#include "cgroup/tree.h"

#include <sys/types.h>

/* A file that lists pids. It is read in pieces, because it may be long. */
struct pids_file {
	int fd;
	size_t at, n;
	char buf[4096];
};

/*
 * Opens the file. On error nothing is open. -EOPNOTSUPP: a threaded cgroup has no list of
 * processes.
 */
must_check int pids_open(int cgroup, const char *file, struct pids_file *ret);
/*
 * Returns 1 and the next pid, 0 at the end, or -errno. A process outside our PID namespace, which
 * is listed as 0, is skipped: 0 would mean the calling process group to kill(2).
 */
must_check int pids_next(struct pids_file *f, pid_t *ret);
void pids_close(struct pids_file *f);
#define autopids __attribute__((cleanup(pids_close))) struct pids_file

/* A set of pids as a bit map of constant size: one bit for each possible pid. */
struct pid_set {
	uint64_t *words;
};

/* Makes an empty set in the arena. */
struct pid_set pids_set_make(void);
/* Whether pid is in the set. */
bool pids_set_has(const struct pid_set *set, pid_t pid);
/* Adds pid. Returns whether it is new. */
bool pids_set_add(const struct pid_set *set, pid_t pid);

/*
 * Returns 1, the next cgroup of the walk that lists processes, and its open list; 0 at the end; or
 * -errno. A threaded cgroup of v2 (cgroup-v2.rst, Threads) has no list: its processes are listed by
 * the domain cgroup above it. The leaf is always a domain, because it could become threaded only
 * while empty.
 */
must_check int pids_walk(struct tree *tree, int *ret_cgroup, struct pids_file *ret);

/*
 * Stores every process in the leaves and below, once each, in ascending order, in the arena.
 * Reporting.
 */
must_check int cgroup_pids(const struct cgroup *cgroup, pid_t **ret, size_t *ret_n);

#endif
