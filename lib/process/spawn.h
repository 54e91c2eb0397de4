/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the container's processes come to be, seen from the parent. The child parses nothing: it has
 * a plan and descriptors.
 *
 * Order of a create, parent P and init I (M: see spawn_init):
 *   P open_handles ... spawn_init
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
 * clones its successor I', which is, and says READY. P: procns_open() before spawn_init(),
 * spawn_follow() before it expects READY.
 * At any time I may send SYNC_ERROR {code, message} and exit; an end of file on either side
 * before SYNC_COMMIT means that the other one died: I exits, P undoes.
 */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include "base/base.h"

struct child;
struct handles;
struct plan;

/*
 * Makes init: one clone3 with the new namespaces; if namespaces are joined by path, an
 * intermediate M joins them (user namespace first) and clones with CLONE_PARENT, so that
 * init is our child either way. Init then runs init_steps[] and never returns. On
 * return SYNC_HELLO has come and the pid is the kernel's word. Reporting; no child is left behind
 * on failure.
 */
must_check int spawn_init(const struct plan *plan, struct handles *h, struct child *ret);
/*
 * exec: a further process of the container whose init is handles.target, in two parts. First
 * the one that enters its namespaces (plan->ns.joined) and gets ready, seen by nobody in the
 * container's pid namespace: spawn_exec() returns when it is there, then spawn_settle(),
 * SYNC_MAPPED, SYNC_TERMINAL, SYNC_READY, SYNC_COMMIT as for init, without SYNC_MOUNTED. Of the
 * plan it wants the process, the filter, the keyring, the descriptors to preserve. Then the process
 * proper, a clone of it in that pid namespace: spawn_follow() waits for the end of the first, at
 * most timeout_ms (-1: without a limit; the first cannot be seen inside, and a signal to us ends
 * it), and puts the clone in the place of *child; from there on the sync socket and handles.page
 * are start_follow()'s. Reporting; spawn_exec() leaves no child on failure, spawn_follow() leaves
 * one of the two in *child. spawn_follow() also waits for the successor of an init.
 */
must_check int spawn_exec(const struct plan *plan, struct handles *h, struct child *ret);
must_check int spawn_follow(struct handles *h, struct child *child, int timeout_ms);
/* Writes the id maps (and setgroups where it must), rlimits and oom_score_adj of the parked
 * child, by handles.proc and the pid while the pidfd says that it lives. Reporting. */
must_check int spawn_settle(const struct plan *plan, const struct handles *h,
			    const struct child *child);

#endif
