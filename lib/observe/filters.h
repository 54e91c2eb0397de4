/* SPDX-License-Identifier: Apache-2.0 */
/* The seccomp filters that are installed in a running process, read from the kernel. */
#ifndef OBSERVE_FILTERS_H
#define OBSERVE_FILTERS_H

#include "base/base.h"
#include "seccomp/emit.h"

#include <sys/types.h>

struct filters {
	const char *program; /* name of the process, for people */
	unsigned int mode;   /* SECCOMP_MODE_* of prctl(2): disabled, strict or filter */
	/* of mode filter, the newest first: the kernel asks all of them */
	size_t n;
	const struct bpf_program *v;
	const bool *logs;   /* of each: SECCOMP_FILTER_FLAG_LOG, if the kernel tells (4.16) */
	size_t n_threads;   /* that were compared, the one that was asked for included */
	size_t n_different; /* of these: how many have other filters than that one */
	const pid_t *different;
};

/*
 * Reads the filters of a thread by its number in our PID namespace. For a process (its first
 * thread) all other threads are read, too, and compared. pidfd: of that process, if the caller
 * knows it; else -1.
 *
 * Each thread is stopped for the time that reading takes (ptrace(2): SEIZE, INTERRUPT,
 * SECCOMP_GET_FILTER, DETACH), and goes on as it was: stopped if it was stopped, in the call that
 * it was in, with a signal that it was about to get. If we die the kernel lets it go on. Calls that
 * a stop signal interrupts with EINTR (signal(7): epoll_wait and a few others) return that.
 *
 * It needs CAP_SYS_ADMIN in the initial user namespace and no filter of our own. Reporting: that,
 * a process that has ended, or that another one traces, or that does not stop within seconds.
 */
must_check int filters_read(pid_t tid, int pidfd, struct filters *ret);

#endif
