/* SPDX-License-Identifier: Apache-2.0 */
/* Everything of the host that a container is made from. */
#ifndef CHANNEL_HANDLES_H
#define CHANNEL_HANDLES_H

#include "base/base.h"
#include "plan/plan.h"

struct start_page;

/* What becomes of a bind's source instead of a clone made by the parent; both NULL: that. */
struct bind_source {
	const char *below; /* it lies below the root: init clones it there when its turn comes */
	const char *link;  /* it is a symbolic link that leads there, to be made again */
};

/* Everything of the host that a container is made from, opened while paths mean the host. */
struct handles {
	int proc;     /* our own procfs (procfs.h) */
	int bundle;   /* O_PATH; working directory of hooks */
	int root;     /* O_PATH: the root file system */
	bool at_once; /* START_RUN follows COMMIT: nothing is done to wait cheaply */
	bool at_root; /* spawn_init: the child's working directory is that very directory */
	int joins[8]; /* plan->ns.joins[i], nsfs, type checked */
	int *sources; /* per plan->mounts[i]: a detached clone for binds, else -1 */
	struct bind_source *origins; /* per plan->mounts[i] */
	int *idmaps;	 /* per plan->mounts[i]: user namespace for an id-mapped mount, else -1 */
	size_t n_mounts; /* of these */
	int cgroup_leaves[PLAN_HIERARCHIES]; /* detached clones of the leaves, for cgroup mounts */
	int tasks[PLAN_HIERARCHIES];	     /* from cgroup_join_open */
	size_t n_tasks;
	int cgroup_dir;		 /* v2 leaf for CLONE_INTO_CGROUP, or -1 */
	int sdnotify;		 /* datagram socket for NOTIFY_SOCKET, or -1 */
	int start;		 /* FIFO in the state directory, of which init is the writer */
	int sync[2];		 /* [0] the parent's end, [1] the child's */
	int target;		 /* exec: pidfd of the process whose namespaces are joined, or -1 */
	struct start_page *page; /* shared: what becomes of the process (start.h) */
	bool hook;		 /* exec: the process is a hook: no session, ends with its parent */
};

/* All members -1, the arrays made; process/open.h opens them. */
void handles_init(const struct plan *plan, struct handles *ret);
/* The descriptor of the PID namespace that the plan joins, borrowed; -1: it joins none. */
int handles_pid_namespace(const struct plan *plan, const struct handles *h);
/* Closes what is open: the parent's after the child has its own copies. */
void handles_close(struct handles *h);

#endif
