/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors. Every one is O_CLOEXEC from birth. A local is an autofd, initialised where it
 * is declared; take_fd() hands it over. A parameter called fd is borrowed; a member is owned
 * by its struct and is -1 when there is none.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include "base/base.h"

/* Closes *fd if it is >= 0 and sets it to -1; errno is kept. */
void fd_close(int *fd);
#define autofd __attribute__((cleanup(fd_close))) int

/* The descriptor, which its autofd then owns no more: for `return take_fd(&fd)`. */
static inline int take_fd(int *fd)
{
	int r = *fd;

	*fd = -1;
	return r;
}

/* Waits until poll(2) has one of the events for fd (or an error, or its end): 1; 0: not within
 * timeout_ms (-1: as long as it takes); -errno. Signals do not end it. Silent. */
must_check int fd_wait(int fd, short events, int timeout_ms);
/* Makes 0, 1 and 2 exist: a closed one becomes /dev/null. Before anything else is opened, or a
 * directory of the host, a lock, a log would take its place and pass for the program's own
 * standard input (CVE-2024-21626). Silent. */
must_check int fd_open_standard(void);
/* Closes every descriptor >= 3 except the n in keep (any order, -1 ignored). Silent. */
must_check int fd_close_others(const int *keep, size_t n);
/* The same for every descriptor >= first. */
must_check int fd_close_others_from(unsigned int first, const int *keep, size_t n);
/* Marks every descriptor >= first close-on-exec. Silent. */
must_check int fd_cloexec_from(unsigned int first);

#endif
