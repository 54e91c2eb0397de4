/* SPDX-License-Identifier: Apache-2.0 */
/* Everything of the host that a container is made from. */
#ifndef CHANNEL_HANDLES_H
#define CHANNEL_HANDLES_H

#include "base/base.h"
#include "plan/plan.h"

struct start_page;

/* What a bind mount uses instead of a clone made by the parent; both NULL: the clone. */
struct bind_source {
	const char *below; /* path below the root: init clones it when it makes the mount */
	const char *link;  /* text of a symbolic link, which is made again in the container */
};

/*
 * File descriptors of the host, opened while paths still refer to the host. Example:
 *
 *     struct handles h;
 *
 *     handles_init(plan, &h);
 *     r = open_handles(plan, &h);
 *     ...
 *     handles_close(&h);
 */
struct handles {
	int proc;   /* our own procfs (procfs.h) */
	int bundle; /* O_PATH; the working directory of hooks */
	int root;   /* O_PATH; the root file system */
	/* START_RUN follows COMMIT directly, so nothing is done to save memory while waiting */
	bool at_once;
	/* the working directory of the new child is the root file system (spawn_init()) */
	bool at_root;
	int joins[8]; /* namespaces plan->ns.joins[i]; nsfs files whose type has been checked */
	int *sources; /* for each plan->mounts[i]: a detached clone for a bind mount, else -1 */
	struct bind_source *origins; /* for each plan->mounts[i] */
	/* for each plan->mounts[i]: the user namespace of an id-mapped mount, else -1 */
	int *idmaps;
	size_t n_mounts; /* length of the three arrays */
	/* detached clones of the container's cgroups, for mounts of type cgroup */
	int cgroup_leaves[PLAN_HIERARCHIES];
	int tasks[PLAN_HIERARCHIES]; /* set by cgroup_join_open() */
	size_t n_tasks;
	int cgroup_dir;		 /* the v2 cgroup for CLONE_INTO_CGROUP, or -1 */
	int sdnotify;		 /* datagram socket for NOTIFY_SOCKET, or -1 */
	int start;		 /* the FIFO in the state directory, of which init is the writer */
	int sync[2];		 /* [0] the parent's end, [1] the child's end */
	int target;		 /* exec: pidfd of the process whose namespaces are joined, or -1 */
	struct start_page *page; /* memory shared with the process (start.h) */
	/* exec: the process is a hook. It makes no session and ends with its parent. */
	bool hook;
};

/*
 * Sets all descriptors to -1 and allocates the arrays. open_handles() opens them (process/open.h).
 */
void handles_init(const struct plan *plan, struct handles *ret);
/* Returns the descriptor of the PID namespace that the plan joins, or -1. The handles keep it.
 * Silent. */
int handles_pid_namespace(const struct plan *plan, const struct handles *h);
/* Closes what is open. The parent calls it when the child has its own copies. */
void handles_close(struct handles *h);

#endif
