/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors of a process that may be under the container's influence. */
#ifndef CHANNEL_FETCH_H
#define CHANNEL_FETCH_H

#include "base/base.h"

enum fetch_kind {
	FETCH_LISTENER,	 /* of a seccomp filter: SECCOMP_FILTER_FLAG_NEW_LISTENER */
	FETCH_DATAGRAMS, /* an AF_UNIX socket of datagrams */
};

/*
 * A copy of the descriptor of that number of the process behind pidfd, close-on-exec. -EBADF:
 * there is none, or what is there is something else; -ETIMEDOUT; another -errno of
 * pidfd_getfd(2). The caller never has a descriptor of another kind. Silent.
 */
must_check int fetch_descriptor(int pidfd, int number, enum fetch_kind kind);

#endif
