/* SPDX-License-Identifier: Apache-2.0 */
/* Copies file descriptors from a process that the container may control. */
#ifndef CHANNEL_FETCH_H
#define CHANNEL_FETCH_H

#include "base/base.h"

enum fetch_kind {
	FETCH_LISTENER,	 /* of a seccomp filter (SECCOMP_FILTER_FLAG_NEW_LISTENER) */
	FETCH_DATAGRAMS, /* an AF_UNIX datagram socket */
};

/*
 * Returns a copy, close-on-exec, of descriptor `number` of the process behind pidfd. Errors: -EBADF
 * if there is no such descriptor or it is of another kind, -ETIMEDOUT, or -errno of pidfd_getfd(2).
 * The caller never gets a descriptor of another kind. Silent.
 */
must_check int fetch_descriptor(int pidfd, int number, enum fetch_kind kind);
/* Whether our own descriptor is a listener of a seccomp filter. proc: from procfs_open(). */
bool fetch_is_listener(int proc, int fd);

#endif
