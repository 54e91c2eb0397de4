/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between processes of ours over SOCK_SEQPACKET: one message is one packet, so
 * nothing is framed and nothing is half read. All silent: >= 0 or -errno.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include "base/base.h"

#include <sys/types.h>

enum { MSG_TEXT_MAX = 8192, MSG_FDS_MAX = 4 };

struct msg {
	uint32_t type; /* the protocol's own numbering */
	int32_t code;
	pid_t pid;	  /* of the sender, as the kernel saw it; 0 if SO_PASSCRED is off */
	int fd;		  /* msg_recv_fd: owned by the receiver; -1: none */
	const char *text; /* arena */
};

/* A connected pair; both ends close-on-exec, ret[0] asks for the sender's pid. */
must_check int msg_pair(int ret[2]);
/* Sends type, code, text (NULL: none; cut at MSG_TEXT_MAX - 1) and the n descriptors in fds,
 * which stay the caller's. Never raises SIGPIPE. */
must_check int msg_send(int sock, uint32_t type, int32_t code, const char *text, const int *fds,
			size_t n);
/* The same for a peer that is not ours: n raw bytes, at least one, with exactly one descriptor. */
must_check int msg_send_fd(int sock, const void *data, size_t n, int fd);
/*
 * Waits for one. 1: received; 0: the other end is gone; -errno. Descriptors that come along are
 * left to the kernel, which drops them: the sender may be under the image's influence, and our
 * own close(2) of a file that the container serves (FUSE) would wait for its answer.
 */
must_check int msg_recv(int sock, struct msg *ret);
/* The same, with the descriptor of a message that the process `from` sent. */
must_check int msg_recv_fd(int sock, pid_t from, struct msg *ret);

#endif
