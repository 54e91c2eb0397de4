/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the container's processes: the parent's side.
 *
 * The child parses nothing. It has a plan and file descriptors.
 *
 * Order of a create, with parent P and init I (for M see spawn_init()):
 *
 *   P open_handles ... spawn_init
 *   I joins its cgroups, then                    I -> P  SYNC_HELLO (SCM_CREDENTIALS)
 *   P writes id maps, rlimits, oom_score_adj     P -> I  SYNC_MAPPED
 *   I makes mounts, /dev; with hooks of any kind I -> P  SYNC_MOUNTED (old root still there)
 *     P runs prestart, createRuntime hooks       P -> I  SYNC_HOOKED
 *     I runs createContainer hooks
 *   I pivots, makes its terminal, if it has one  I -> P  SYNC_TERMINAL (the pty's master)
 *   I sysctl, masks, credentials, reads back
 *   I loads the first filter (final.h)           I -> P  SYNC_READY
 *   P sends the pty's master to the engine
 *   P writes the record (created)                P -> I  SYNC_COMMIT
 *   I waits for handles.page to say START_RUN (start.h)
 *
 * The engine gets the terminal only after READY, so it gets none of a create that failed.
 *
 * If a PID namespace is joined, I is not in it. I does everything above outside. Before READY it
 * clones a successor, which is in the namespace, and that one sends READY. P calls procns_open()
 * before spawn_init() for this, and spawn_follow() before it expects READY.
 *
 * At any time I may send SYNC_ERROR {code, message} and exit. End of file on either side before
 * SYNC_COMMIT means that the other process ended. I then exits; P undoes the create.
 */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include "base/base.h"

struct child;
struct handles;
struct plan;

/*
 * Makes init with one clone3(2) that makes the new namespaces. If namespaces are joined by path, an
 * intermediate process M joins them (a user namespace first or last, see plan->ns.joins) and clones
 * init with CLONE_PARENT, so init is a child of the caller in both cases. Init then runs
 * init_steps[] and never returns. When this function returns, SYNC_HELLO has been received and the
 * pid has been reported by the kernel. Reporting. No child is left on failure.
 */
must_check int spawn_init(const struct plan *plan, struct handles *h, struct child *ret);
/*
 * Make a further process of the container whose init is handles.target, in two parts. From the plan
 * they use the process, the filter, the keyring and preserve_fds.
 *
 * spawn_exec() makes an intermediate process, which enters the namespaces plan->ns.joined and runs
 * enter_steps[]. It is not visible in the container's PID namespace. The conversation is that of
 * init without SYNC_MOUNTED: SYNC_HELLO, which spawn_exec() receives, then spawn_settle() and
 * SYNC_MAPPED, SYNC_TERMINAL, SYNC_READY, SYNC_COMMIT.
 *
 * Then the intermediate process clones the process proper into the PID namespace and ends.
 * spawn_follow() waits for that, at most timeout_ms (-1: without a limit, since the intermediate
 * process cannot be stopped from inside and a signal to us ends it), and replaces *child by the
 * clone. From then on start_follow() reads the sync socket and handles.page. spawn_follow() also
 * waits for the successor of an init.
 *
 * Reporting. spawn_exec() leaves no child on failure; after a failed spawn_follow() *child is the
 * process that exists.
 */
must_check int spawn_exec(const struct plan *plan, struct handles *h, struct child *ret);
must_check int spawn_follow(struct handles *h, struct child *child, int timeout_ms);
/*
 * Writes the id maps (and setgroups where needed), the hard limits and oom_score_adj of the child,
 * which waits for SYNC_MAPPED. Uses handles.proc and the pid, which is valid while the child has
 * not been reaped. Reporting.
 */
must_check int spawn_settle(const struct plan *plan, const struct handles *h,
			    const struct child *child);

#endif
