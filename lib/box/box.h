/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's side: what the parent opens for it, how it comes to be, and the
 * conversation between both. The child parses nothing: it has a plan and descriptors.
 *
 * Order of a create, parent P and init I (M: see child_start):
 *   P handles_open ... child_start
 *   I joins its cgroups, then                    I -> P  SYNC_HELLO (SCM_CREDENTIALS)
 *   P writes id maps, rlimits, oom_score_adj     P -> I  SYNC_MAPPED
 *   I makes mounts, /dev; with hooks of any kind I -> P  SYNC_MOUNTED (old root still there)
 *     P runs prestart, createRuntime hooks       P -> I  SYNC_HOOKED
 *     I runs createContainer hooks
 *   I pivots, makes its terminal, if it has one  I -> P  SYNC_TERMINAL (the pty's master)
 *   I sysctl, masks, credentials, reads back
 *   I loads the first filter (final.h)           I -> P  SYNC_READY
 *   P hands the master on to the engine, which so hears nothing of a create that failed
 *   P writes the record (created)                P -> I  SYNC_COMMIT
 *   I waits for handles.page to say START_RUN (start.h)
 * Where a PID namespace is joined, I is not in it: it does all this outside, and before READY
 * clones its successor I', which is, and says READY. P: procns_open() before child_start(),
 * child_follow() before it expects READY.
 * At any time I may send SYNC_ERROR {code, message} and exit; an end of file on either side
 * before SYNC_COMMIT means that the other one died: I exits, P undoes.
 */
#ifndef BOX_BOX_H
#define BOX_BOX_H

#include "base/base.h"
#include "plan/plan.h"

struct start_page;

enum sync_type {
	SYNC_HELLO = 1,
	SYNC_MAPPED,
	SYNC_MOUNTED,
	SYNC_HOOKED,
	SYNC_TERMINAL,
	SYNC_READY,
	SYNC_COMMIT,
	SYNC_ERROR,
};

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
	bool at_root; /* child_start: the child's working directory is that very directory */
	int joins[8]; /* plan->ns.joins[i], nsfs, type checked */
	int *sources; /* per plan->mounts[i]: a detached clone for binds, else -1 */
	struct bind_source *origins; /* per plan->mounts[i] */
	int *idmaps;	 /* per plan->mounts[i]: user namespace for an id-mapped mount, else -1 */
	size_t n_mounts; /* of these */
	int cgroup_leaves[PLAN_HIERARCHIES]; /* detached clones of the leaves, for cgroup mounts */
	int tasks[PLAN_HIERARCHIES];	     /* from cgroup_open_join */
	size_t n_tasks;
	int cgroup_dir;		 /* v2 leaf for CLONE_INTO_CGROUP, or -1 */
	int sdnotify;		 /* datagram socket for NOTIFY_SOCKET, or -1 */
	int start;		 /* FIFO in the state directory, of which init is the writer */
	int sync[2];		 /* [0] the parent's end, [1] the child's */
	int target;		 /* exec: pidfd of the process whose namespaces are joined, or -1 */
	struct start_page *page; /* shared: what becomes of the process (start.h) */
	bool hook;		 /* exec: the process is a hook: no session, ends with its parent */
};

struct child {
	pid_t pid; /* in the caller's pid namespace */
	int pidfd;
};

/* All members -1, the arrays made. */
void handles_init(const struct plan *plan, struct handles *ret);
/*
 * Opens proc, bundle, root, joins, bind sources and the sync pair; checks each (type of
 * namespace, directory, ...). Not the cgroup's and start's, which the runtime sets;
 * cgroup_leaves by handles_open_cgroup() once the cgroup is there. Reporting.
 */
must_check int handles_open(const struct plan *plan, struct handles *h);
must_check int handles_open_cgroup(const struct plan *plan, struct handles *h);
/* Closes what is open: the parent's after the child has its own copies. */
void handles_close(struct handles *h);

/*
 * Makes init: one clone3 with the new namespaces; if namespaces are joined by path, an
 * intermediate M joins them (user namespace first) and clones with CLONE_PARENT, so that
 * init is our child either way. Init then runs init_steps[] and never returns. On
 * return SYNC_HELLO has come and the pid is the kernel's word. Reporting; no child is left behind
 * on failure.
 */
must_check int child_start(const struct plan *plan, struct handles *h, struct child *ret);
/*
 * exec: a further process of the container whose init is handles.target, in two parts. First
 * the one that enters its namespaces (plan->ns.joined) and gets ready, seen by nobody in the
 * container's pid namespace: child_enter() returns when it is there, then child_settle(),
 * SYNC_MAPPED, SYNC_TERMINAL, SYNC_READY, SYNC_COMMIT as for init, without SYNC_MOUNTED. Of the
 * plan it wants the process, the filter, the keyring, the descriptors to preserve. Then the process
 * proper, a clone of it in that pid namespace: child_follow() waits for the end of the first, at
 * most timeout_ms (-1: without a limit; the first cannot be seen inside, and a signal to us ends
 * it), and puts the clone in the place of *child; from there on the sync socket and handles.page
 * are start_follow()'s. Reporting; child_enter() leaves no child on failure, child_follow() leaves
 * one of the two in *child. child_follow() also waits for the successor of an init.
 */
must_check int child_enter(const struct plan *plan, struct handles *h, struct child *ret);
must_check int child_follow(struct handles *h, struct child *child, int timeout_ms);
/*
 * After a child_follow() that failed: the process proper may have been there, and be a child of
 * ours that died unnamed with its PID namespace. Its zombie would keep the namespace's init from
 * ending where nobody else reaps. Waits for all children of the caller that waitpid(2) means by
 * who (-1: all), at most that long.
 */
void child_reap(pid_t who, int timeout_ms);
/* The CPUs of the calling process: changed for child_enter() where the plan has
 * process.affinity_initial, *ret_old is what affinity_leave() puts back. Reporting. */
must_check int affinity_enter(const struct plan_cpus *cpus, struct plan_cpus *ret_old);
must_check int affinity_leave(const struct plan_cpus *old);
/* Writes the id maps (and setgroups where it must), rlimits and oom_score_adj of the parked
 * child, by handles.proc and the pid while the pidfd says that it lives. Reporting. */
must_check int child_settle(const struct plan *plan, const struct handles *h,
			    const struct child *child);
/* Waits for a message of that type; SYNC_ERROR becomes our own error record; the end of file
 * becomes an error that says how init ended (signal, exit code). Reporting. */
must_check int sync_expect(const struct handles *h, const struct child *child, uint32_t type);
/* The same of a process that others in the container can stop or freeze: it is continued; after
 * timeout_ms it is an error. Reporting. */
must_check int sync_expect_within(const struct handles *h, const struct child *child, uint32_t type,
				  int timeout_ms);
/* The same for SYNC_TERMINAL: the master of the child's terminal, the caller's. timeout_ms -1: as
 * long as it takes. */
must_check int sync_expect_terminal(const struct handles *h, const struct child *child,
				    int timeout_ms);
/* Reporting. */
must_check int sync_say(const struct handles *h, uint32_t type);
/* SIGKILL by pidfd and wait for the end, some seconds: a tracer in the container may hold what
 * is left of it, which then is reaped when we end. Silent; for undo. */
void child_end(struct child *child);

/* The inside; called by child_start in the child. */
no_return void init_run(const struct plan *plan, struct handles *h);
/* The same for child_enter. */
no_return void exec_run(const struct plan *plan, struct handles *h);

/*
 * Re-executes this program from a sealed copy of itself (overlay with lower layers only, else
 * a sealed memfd; nothing to do on a read-only superblock or fs-verity), so that no container
 * can reach the host's file through /proc/PID/exe (CVE-2019-5736). Returns 0 in the copy.
 * Called first thing by create, run and exec. Reporting.
 */
must_check int seal_self(char **argv);

#endif
