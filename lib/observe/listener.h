/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor's end of seccomp_unotify(2). All silent: they return >= 0 or -errno. Example:
 *
 *	struct seccomp_notif *call = listener_buffer(&listener);
 *
 *	r = listener_receive(&listener, fd, &call);
 *	if (r > 0)
 *		r = listener_answer(&listener, fd, call->id, EPERM);
 */
#ifndef OBSERVE_LISTENER_H
#define OBSERVE_LISTENER_H

#include "base/base.h"

#include <linux/seccomp.h>

/* Buffers of the size that this kernel uses, which may be more than our headers know. */
struct listener {
	struct seccomp_notif *call;
	struct seccomp_notif_resp *answer;
	size_t call_size, answer_size;
};

/* Allocates the buffers, in the arena. */
must_check int listener_init(struct listener *ret);
/*
 * Receives the next call of a listener that poll(2) reports, into l->call. Returns 1, or 0 if there
 * is none (its process was killed meanwhile, or a signal interrupted it).
 */
must_check int listener_receive(struct listener *l, int fd);
/*
 * Answers a call with an error number; 0: the call returns 0 without being carried out. -ENOENT: it
 * waits no longer.
 */
must_check int listener_answer(struct listener *l, int fd, uint64_t id, int error);
/*
 * Lets the call be carried out: for a recorder, or because the administrator has said so; never
 * after a decision about its arguments, because other threads can change what they point at.
 */
must_check int listener_continue(struct listener *l, int fd, uint64_t id);
/*
 * Lets the kernel wake a supervisor on the CPU of the caller, which then waits: several times
 * faster than on another CPU. Linux 6.6; nothing happens on older kernels.
 */
void listener_hurry(int fd);
/* Whether the call still waits, so that the thread that made it is the one of that pid. */
bool listener_is_waiting(int fd, uint64_t id);

/*
 * An error number of the kernel that programs do not see: if a signal or a tracer stopped the
 * thread, the call is made again.
 */
enum { LISTENER_RESTART = 512 }; /* ERESTARTSYS in linux/errno.h */

#endif
