/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File descriptors. Every descriptor is opened with O_CLOEXEC. A local variable is an autofd, which
 * closes it at the end of its scope and is initialised where it is declared; take_fd() passes it
 * on. A function does not close a parameter called fd. A struct owns its members, which are -1 if
 * there is no descriptor. Example:
 *
 *     autofd fd = open(path, O_RDONLY | O_CLOEXEC);
 *
 *     if (fd < 0 || check(fd) < 0)
 *             return -1;                   closes it
 *     return take_fd(&fd);                 the caller owns it now
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include "base/base.h"

/* Closes *fd if it is >= 0 and sets it to -1. Preserves errno. */
void fd_close(int *fd);
#define autofd __attribute__((cleanup(fd_close))) int

/* Returns the descriptor and sets *fd to -1, so that autofd does not close it. Silent. */
static inline int take_fd(int *fd)
{
	int r = *fd;

	*fd = -1;
	return r;
}

/*
 * Waits until poll(2) reports one of the events, an error or a hang-up for fd. Returns 1, or 0
 * after timeout_ms (-1: no limit), or -errno. Signals do not end the wait. Silent.
 */
must_check int fd_wait(int fd, short events, int timeout_ms);
/*
 * Opens /dev/null for each of 0, 1 and 2 that is closed. Called before anything else is opened:
 * otherwise a directory of the host, a lock or a log could get such a number and be used as the
 * program's standard stream (CVE-2024-21626). Silent.
 */
must_check int fd_open_standard(void);
/*
 * Replaces 0 to `last` (STDOUT_FILENO or STDERR_FILENO) by /dev/null, for example in a process that
 * goes on when the caller does not: whoever waits for the end of a pipe must not wait for it.
 * Silent.
 */
must_check int fd_null_standard(int last);
/* Closes every descriptor >= 3 except the n in keep (in any order; -1 is ignored). Silent. */
must_check int fd_close_others(const int *keep, size_t n);
/* As fd_close_others(), for every descriptor >= first. Silent. */
must_check int fd_close_others_from(unsigned int first, const int *keep, size_t n);
/*
 * Makes an empty file in memory (memfd_create(2)) that can be sealed. If it is not executable, it
 * can never become so (as of Linux 6.3). Returns its descriptor, or -errno. Silent.
 */
must_check int fd_make_memory(const char *name, bool executable);
/* Sets close-on-exec on every descriptor >= first. Silent. */
must_check int fd_cloexec_from(unsigned int first);
/*
 * Raises the limit of open descriptors (RLIMIT_NOFILE) of this process to `wanted`, or as far as it
 * may. Returns the limit.
 */
size_t fd_raise_limit(size_t wanted);

#endif
